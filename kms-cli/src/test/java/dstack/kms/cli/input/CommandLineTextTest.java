package dstack.kms.cli.input;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

/** Values given as text on the command line. */
final class CommandLineTextTest {
  @Test
  void readsBytesInHexadecimalOfEitherCaseWithOrWithoutAPrefix() {
    assertThat(new HexBytes().convert("0x00Ff").hex()).isEqualTo("00ff");
    assertThat(new HexBytes().convert("00fF").hex()).isEqualTo("00ff");
    assertThat(new HexBytes().convert("").isEmpty()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "0x0", "0g", "00 ff", "0X00", "\u0660\u0660"})
  void refusesWhatIsNoHexadecimal(String text) {
    assertThatThrownBy(() -> new HexBytes().convert(text))
        .isInstanceOf(TypeConversionException.class);
  }

  @Test
  void readsReportDataOf64Bytes() {
    assertThat(new ReportDataText().convert("ab".repeat(64)).value().hex())
        .isEqualTo("ab".repeat(64));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 63, 65, 128})
  void refusesReportDataOfAnotherLength(int length) {
    assertThatThrownBy(() -> new ReportDataText().convert("ab".repeat(length)))
        .isInstanceOf(TypeConversionException.class)
        .hasMessage("report data has 64 bytes, not " + length);
  }

  @Test
  void readsSecondsSince1970() {
    assertThat(new UnixSeconds().convert("0")).isEqualTo(Instant.EPOCH);
    assertThat(new UnixSeconds().convert("9999999999")).isEqualTo("2286-11-20T17:46:39Z");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "-1", "+1", "1.5", "1e9", "10000000000", " 1", "\u0661"})
  void refusesWhatAreNoSeconds(String text) {
    assertThatThrownBy(() -> new UnixSeconds().convert(text))
        .isInstanceOf(TypeConversionException.class);
  }
}
