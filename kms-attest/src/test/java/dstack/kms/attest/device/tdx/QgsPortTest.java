package dstack.kms.attest.device.tdx;

import static org.assertj.core.api.Assertions.assertThat;

import dstack.kms.attest.device.DeviceRefusal;
import dstack.kms.attest.device.Refused;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code /etc/tdx-attest.conf}: specification 13 §5. */
class QgsPortTest {
  @TempDir Path dir;

  @ParameterizedTest
  @CsvSource({
    "'port=4050', 4050",
    "'port = 4050', 4050",
    "'  port   =  4050  ', 4050",
    "'# port = 1\nport = 2\nport = 3', 2",
    "'port = 99999999999\nport = 7', 7",
    "'port = 4294967295', 4294967295",
    "'port = x\nport = 8', 8",
    "'\uFEFF\nport = 9', 9",
  })
  void takesTheFirstPortThatIsOne(String text, long port) {
    assertThat(QgsPort.parse(text)).hasValue(port);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "# port = 1",
        "port",
        "port =",
        "port = -1",
        "port = 4294967296",
        "ports = 1",
        "port : 1",
        "port = 1 2",
        "port = 0",
        "port = 0\nport = 5"
      })
  void findsNoneInAnythingElse(String text) {
    assertThat(QgsPort.parse(text)).isEqualTo(OptionalLong.empty());
  }

  @Test
  void findsNoneWithoutTheFileAndRefusesAnUnreadableOne() throws Exception {
    assertThat(QgsPort.read(dir.resolve("none"))).isEmpty();
    Path file = Files.writeString(dir.resolve("conf"), "port = 4050\n");
    assertThat(QgsPort.read(file)).hasValue(4050);
    Refused.as(DeviceRefusal.VSOCK_FAILURE, () -> QgsPort.read(dir));
  }
}
