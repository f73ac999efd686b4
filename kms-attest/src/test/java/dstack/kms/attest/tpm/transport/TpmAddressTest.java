package dstack.kms.attest.tpm.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dstack.kms.attest.tpm.TpmRefusal;
import dstack.kms.core.refusal.RefusalException;
import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Addresses of a TPM (specification 14 §2). */
class TpmAddressTest {
  private static final Path MANAGED = Path.of("/dev/tpmrm0");
  private static final Path RAW = Path.of("/dev/tpm0");

  @Test
  void prefersTheDeviceWithAResourceManager() {
    assertThat(automatic(MANAGED, RAW)).isEqualTo(new TpmAddress.Device(MANAGED));
    assertThat(automatic(RAW)).isEqualTo(new TpmAddress.Device(RAW));
  }

  @Test
  void saysThatThereIsNoDevice() {
    assertThatThrownBy(() -> automatic())
        .isInstanceOfSatisfying(
            RefusalException.class, e -> assertThat(e.code()).isEqualTo(TpmRefusal.NOT_FOUND))
        .hasMessage("TPM device not found");
  }

  @Test
  void readsDevicesWithAndWithoutTheirPrefix() {
    assertThat(TpmAddress.parse("device:/dev/tpm1"))
        .isEqualTo(new TpmAddress.Device(Path.of("/dev/tpm1")));
    assertThat(TpmAddress.parse("/dev/tpm1"))
        .isEqualTo(new TpmAddress.Device(Path.of("/dev/tpm1")));
  }

  @Test
  void readsSockets() {
    assertThat(TpmAddress.parse("unix:/run/tpm.sock"))
        .isEqualTo(new TpmAddress.Socket(UnixDomainSocketAddress.of("/run/tpm.sock")));
    assertThat(TpmAddress.parse("tcp:127.0.0.1:2321"))
        .isEqualTo(new TpmAddress.Socket(InetSocketAddress.createUnresolved("127.0.0.1", 2321)));
    assertThat(TpmAddress.parse("tcp:[::1]:65535"))
        .isEqualTo(new TpmAddress.Socket(InetSocketAddress.createUnresolved("[::1]", 65_535)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "AUTO",
        "dev/tpm0",
        "device:",
        "device:tpm0",
        "device:/dev/\0",
        "unix:",
        "unix:tpm.sock",
        "tcp:",
        "tcp:127.0.0.1",
        "tcp:127.0.0.1:0",
        "tcp:127.0.0.1:65536",
        "tcp:127.0.0.1:2321 ",
        "tcp::2321",
        "tcp:::1:2321",
        "tcp:host/x:1",
        "swtpm:host=127.0.0.1,port=2321",
      })
  void refusesEverythingElse(String text) {
    assertThatThrownBy(() -> TpmAddress.parse(text))
        .isInstanceOfSatisfying(
            RefusalException.class, e -> assertThat(e.code()).isEqualTo(TpmRefusal.ADDRESS));
  }

  @Test
  void refusesASocketPathThatNoSocketCanHave() {
    assertThatThrownBy(
            () ->
                TpmAddress.parse("unix:/" + "x".repeat(200))
                    .connector(java.time.Duration.ZERO)
                    .open())
        .isInstanceOf(RefusalException.class);
  }

  private static TpmAddress automatic(Path... existing) {
    return TpmAddress.parse("auto", Set.of(existing)::contains);
  }
}
