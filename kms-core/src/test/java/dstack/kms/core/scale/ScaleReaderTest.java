package dstack.kms.core.scale;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScaleReaderTest {
  private static ScaleReader reader(String hex) {
    return new ScaleReader(Bytes.fromHex(hex.replace(" ", "")));
  }

  private static void refuses(String hex, Function<ScaleReader, Object> read, ScaleRefusal reason) {
    ScaleReader reader = reader(hex);
    assertThatThrownBy(() -> read.apply(reader))
        .isInstanceOfSatisfying(
            RefusalException.class, e -> assertThat(e.code()).isEqualTo(reason));
  }

  /** Lengths and their encodings as the SCALE specification lists them. */
  @ParameterizedTest
  @CsvSource({
    "0, 00",
    "1, 04",
    "63, fc",
    "64, 0101",
    "69, 1501",
    "16383, fdff",
    "16384, 02000100",
    "65535, feff0300",
    "1073741823, feffffff",
    "1073741824, 0300000040",
    "2147483647, 03ffffff7f"
  })
  void writesLengthsInTheirShortestForm(int length, String hex) {
    assertThat(new ScaleWriter().writeLength(length).toBytes().hex()).isEqualTo(hex);
  }

  @ParameterizedTest
  @CsvSource({"0, ''", "1, ''", "63, fc", "64, 0101", "16383, fdff", "16384, 02000100"})
  void readsBackByteVectorsOfEveryLengthForm(int length, String prefix) {
    Bytes content = Bytes.zeros(length);
    Bytes encoded = new ScaleWriter().writeBytes(content).toBytes();
    assertThat(encoded.hex()).startsWith(prefix);
    ScaleReader reader = new ScaleReader(encoded);
    assertThat(reader.readBytes(length)).isEqualTo(content);
    reader.expectEnd();
  }

  @Test
  void readsEveryKindOfValueInSequence() {
    ScaleReader reader =
        reader("07 78563412 efcdab8967452301 01 00 0c616263 00 01 2a 08 0102 aabb");
    assertThat(reader.readU8()).isEqualTo(7);
    assertThat(reader.readU32()).isEqualTo(0x12345678L);
    assertThat(reader.readU64()).isEqualTo(0x0123456789abcdefL);
    assertThat(reader.readBool()).isTrue();
    assertThat(reader.readBool()).isFalse();
    assertThat(reader.readString(3)).isEqualTo("abc");
    assertThat(reader.readOption(reader::readU8)).isEmpty();
    assertThat(reader.readOption(reader::readU8)).contains(42);
    assertThat(reader.readVec(2, reader::readU8)).containsExactly(1, 2);
    assertThat(reader.position()).isEqualTo(25);
    assertThat(reader.readRest()).isEqualTo(Bytes.fromHex("aabb"));
    reader.expectEnd();
  }

  @Test
  void readsU32AboveTheSignedRangeAsPositive() {
    assertThat(reader("ffffffff").readU32()).isEqualTo(4294967295L);
  }

  @ParameterizedTest
  @CsvSource({
    "0100", // 0 in two bytes
    "fd00", // 63 in two bytes
    "02000000", // 0 in four bytes
    "feff0000", // 16383 in four bytes
    "03ffffff3f", // 2^30 - 1 in big mode
    "0700000040 00", // 2^30 in five bytes
    "1300000000 000000 00" // 0 in eight bytes
  })
  void refusesLengthThatIsNotInItsShortestForm(String hex) {
    refuses(hex, r -> r.readBytes(1 << 20), ScaleRefusal.NOT_CANONICAL);
  }

  @ParameterizedTest
  @CsvSource({
    "0300000040",
    "03ffffffff",
    "070000000001",
    "13ffffffffffffffff",
    "1700000000000000000001",
    "ff"
  })
  void refusesLengthOfTwoToTheThirtyAndMore(String hex) {
    refuses(hex, r -> r.readBytes(10 << 20), ScaleRefusal.TOO_LONG);
  }

  @Test
  void t11_refusesLengthPrefixOf2Pow32Minus1WithoutAllocating() {
    refuses("03ffffffff", r -> r.readBytes(Integer.MAX_VALUE), ScaleRefusal.TOO_LONG);
    refuses("03ffffffff", r -> r.readVec(Integer.MAX_VALUE, r::readU8), ScaleRefusal.TOO_LONG);
    refuses("03ffffff7f", r -> r.readBytes(Integer.MAX_VALUE), ScaleRefusal.TRUNCATED);
    refuses("03ffffff7f", r -> r.readVec(Integer.MAX_VALUE, r::readU8), ScaleRefusal.TRUNCATED);
  }

  @Test
  void refusesLengthAboveTheCallersLimit() {
    assertThat(reader("0c616263").readBytes(3).length()).isEqualTo(3);
    refuses("0c616263", r -> r.readBytes(2), ScaleRefusal.TOO_LONG);
    refuses("0c616263", r -> r.readVec(2, r::readU8), ScaleRefusal.TOO_LONG);
  }

  @ParameterizedTest
  @CsvSource({"''", "01", "02", "020001", "03", "03000000", "0c6162", "04"})
  void refusesInputThatEndsInTheMiddleOfAByteVector(String hex) {
    refuses(hex, r -> r.readBytes(1 << 20), ScaleRefusal.TRUNCATED);
  }

  @Test
  void refusesInputThatEndsInTheMiddleOfANumber() {
    refuses("", ScaleReader::readU8, ScaleRefusal.TRUNCATED);
    refuses("000000", ScaleReader::readU32, ScaleRefusal.TRUNCATED);
    refuses("00000000000000", ScaleReader::readU64, ScaleRefusal.TRUNCATED);
    refuses("0102", r -> r.readFixed(3), ScaleRefusal.TRUNCATED);
  }

  @Test
  void refusesBooleanOtherThanZeroAndOne() {
    refuses("02", ScaleReader::readBool, ScaleRefusal.BAD_BOOLEAN);
    refuses("ff", ScaleReader::readBool, ScaleRefusal.BAD_BOOLEAN);
  }

  @Test
  void refusesOptionOtherThanZeroAndOne() {
    refuses("0200", r -> r.readOption(r::readU8), ScaleRefusal.BAD_OPTION);
    refuses("01", r -> r.readOption(r::readU8), ScaleRefusal.TRUNCATED);
  }

  @ParameterizedTest
  @CsvSource({"04ff", "08c080", "0ceda080", "10f4908080", "08e282"})
  void refusesStringThatIsNotUtf8(String hex) {
    refuses(hex, r -> r.readString(10), ScaleRefusal.NOT_UTF8);
  }

  @Test
  void refusesTrailingBytesAndSaysHowMany() {
    ScaleReader reader = reader("000102");
    assertThat(reader.readU8()).isZero();
    assertThatThrownBy(reader::expectEnd).hasMessage("trailing bytes: 2");
  }
}
