package dstack.kms.core.msgpack;

import static org.assertj.core.api.Assertions.assertThat;

import dstack.kms.core.bytes.Bytes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MsgPackWriterTest {
  @ParameterizedTest
  @CsvSource({
    "0, 00",
    "127, 7f",
    "128, cc80",
    "255, ccff",
    "256, cd0100",
    "65535, cdffff",
    "65536, ce00010000",
    "134217729, ce08000001",
    "4294967295, ceffffffff",
    "4294967296, cf0000000100000000",
    "-1, ff",
    "-32, e0",
    "-33, d0df",
    "-128, d080",
    "-129, d1ff7f",
    "-32769, d2ffff7fff",
    "-2147483649, d3ffffffff7fffffff"
  })
  void writesIntegerInItsShortestForm(long value, String hex) {
    assertThat(new MsgPackWriter().writeInteger(value).toBytes().hex()).isEqualTo(hex);
  }

  @ParameterizedTest
  @CsvSource({"0, a0", "31, bf", "32, d920", "255, d9ff", "256, da0100", "65536, db00010000"})
  void writesStringWithItsShortestHead(int length, String head) {
    Bytes written = new MsgPackWriter().writeString("x".repeat(length)).toBytes();
    assertThat(written)
        .isEqualTo(Bytes.concat(Bytes.fromHex(head), Bytes.utf8("x".repeat(length))));
  }

  @ParameterizedTest
  @CsvSource({"0, c400", "255, c4ff", "256, c50100", "65535, c5ffff", "65536, c600010000"})
  void writesBinWithItsShortestHead(int length, String head) {
    Bytes written = new MsgPackWriter().writeBinary(Bytes.zeros(length)).toBytes();
    assertThat(written).isEqualTo(Bytes.concat(Bytes.fromHex(head), Bytes.zeros(length)));
  }

  @ParameterizedTest
  @CsvSource({"0, 90, 80", "15, 9f, 8f", "16, dc0010, de0010", "65536, dd00010000, df00010000"})
  void writesArrayAndMapWithTheShortestHead(int count, String array, String map) {
    assertThat(new MsgPackWriter().writeArrayHeader(count).toBytes().hex()).isEqualTo(array);
    assertThat(new MsgPackWriter().writeMapHeader(count).toBytes().hex()).isEqualTo(map);
  }

  /** Specification 10 §3, worked vector B. */
  @Test
  void writesPlainByteVectorAsArrayOfIntegers() {
    Bytes written = new MsgPackWriter().writeBytesAsArray(Bytes.fromHex("010280")).toBytes();
    assertThat(written.hex()).isEqualTo("930102cc80");
  }

  @Test
  void writesNilAndBooleans() {
    MsgPackWriter writer = new MsgPackWriter().writeNil().writeBool(false).writeBool(true);
    assertThat(writer.toBytes().hex()).isEqualTo("c0c2c3");
  }
}
