package dstack.kms.cli.input;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

final class InputFileTest {
  @TempDir private Path folder;

  private static InputFile file(String content) {
    return new InputFile("f", Bytes.utf8(content));
  }

  @ParameterizedTest
  @CsvSource({"00ff, 00ff", "00FF, 00ff", "0x00ff, 00ff", "'0 0\n f f\n', 00ff", "' 0x00', 00"})
  void decodesWhatIsNothingButHexadecimal(String text, String bytes) {
    assertThat(file(text).bytes().hex()).isEqualTo(bytes);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "0", "00f", "0g", "0x", "00-ff", "0x0x00"})
  void takesAnythingElseAsItIs(String text) {
    assertThat(file(text).bytes()).isEqualTo(Bytes.utf8(text));
  }

  @Test
  void takesWhiteSpaceFromBeforeAJsonObject() {
    assertThat(file("\n\t {\"a\":1} ").bytes()).isEqualTo(Bytes.utf8("{\"a\":1} "));
    assertThat(file("\n{").looksLikeJson()).isTrue();
    assertThat(file("[]").looksLikeJson()).isFalse();
    assertThat(file("").looksLikeJson()).isFalse();
  }

  @Test
  void refusesTextThatIsNotUtf8() {
    InputFile file = new InputFile("f", Bytes.fromHex("c328"));

    assertThatThrownBy(file::text)
        .isInstanceOf(RefusalException.class)
        .hasMessage("f is not UTF-8 text");
  }

  @Test
  void readsAFileOfExactlyTheLimitAndNotOneByteMore() throws IOException {
    Path exact = folder.resolve("exact");
    Path more = folder.resolve("more");
    sized(exact, InputFile.MAX_BYTES);
    sized(more, InputFile.MAX_BYTES + 1L);
    InputFile.Converter converter = new InputFile.Converter();

    assertThat(converter.convert(exact.toString()).content().length())
        .isEqualTo(InputFile.MAX_BYTES);
    assertThatThrownBy(() -> converter.convert(more.toString()))
        .isInstanceOf(TypeConversionException.class)
        .hasMessageEndingWith(" is larger than 16 MiB");
  }

  private static void sized(Path file, long length) throws IOException {
    try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "rw")) {
      open.setLength(length);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"/nonexistent/file", "/", "", "a\0b"})
  void saysWhyAFileCannotBeRead(String name) {
    InputFile.Converter converter = new InputFile.Converter();

    assertThatThrownBy(() -> converter.convert(name))
        .isInstanceOf(TypeConversionException.class)
        .hasMessageStartingWith("cannot read " + name + ": ");
  }
}
