package dstack.kms.core.msgpack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MsgPackReaderTest {
  private static MsgPackReader reader(String hex) {
    return new MsgPackReader(Bytes.fromHex(hex));
  }

  private static void refuses(String hex, Consumer<MsgPackReader> read, MsgPackRefusal reason) {
    MsgPackReader reader = reader(hex);
    assertThatThrownBy(() -> read.accept(reader))
        .isInstanceOfSatisfying(
            RefusalException.class, e -> assertThat(e.code()).isEqualTo(reason));
  }

  /** Encodings as the MessagePack specification defines them, also those longer than needed. */
  @ParameterizedTest
  @CsvSource({
    "00, 0",
    "7f, 127",
    "e0, -32",
    "ff, -1",
    "cc00, 0",
    "ccff, 255",
    "cd0005, 5",
    "cdffff, 65535",
    "ceffffffff, 4294967295",
    "cf0000000000000007, 7",
    "cf7fffffffffffffff, 9223372036854775807",
    "d080, -128",
    "d005, 5",
    "d18000, -32768",
    "d280000000, -2147483648",
    "d2ffffffff, -1",
    "d38000000000000000, -9223372036854775808"
  })
  void readsIntegerOfEveryWidth(String hex, long value) {
    MsgPackReader reader = reader(hex);
    assertThat(reader.readInteger()).isEqualTo(value);
    reader.expectEnd();
  }

  @Test
  void refusesIntegerOutsideTheCallersRange() {
    refuses("cf8000000000000000", MsgPackReader::readInteger, MsgPackRefusal.OUT_OF_RANGE);
    refuses("ff", r -> r.readUnsigned(255), MsgPackRefusal.OUT_OF_RANGE);
    refuses("cd0100", r -> r.readUnsigned(255), MsgPackRefusal.OUT_OF_RANGE);
    assertThat(reader("ccff").readUnsigned(255)).isEqualTo(255);
  }

  @ParameterizedTest
  @ValueSource(strings = {"93010280", "9301cc8003", "9301cd010003", "93cb000000000000000000"})
  void refusesArrayAsBytesUnlessEveryItemIsOneByte(String hex) {
    assertThatThrownBy(() -> readLenientToTheEnd(hex)).isInstanceOf(RefusalException.class);
  }

  private static void readLenientToTheEnd(String hex) {
    MsgPackReader reader = reader(hex);
    Bytes value = reader.readBytesLenient(2);
    reader.expectEnd();
    assertThat(value).isNull();
  }

  @Test
  void readsBytesFromArrayOfIntegersAndFromBin() {
    Bytes expected = Bytes.fromHex("010280");
    assertThat(reader("930102cc80").readBytesLenient(3)).isEqualTo(expected);
    assertThat(reader("dc00030102d10080").readBytesLenient(3)).isEqualTo(expected);
    assertThat(reader("c403010280").readBytesLenient(3)).isEqualTo(expected);
    assertThat(reader("c50003010280").readBytesLenient(3)).isEqualTo(expected);
    assertThat(reader("c600000003010280").readBytesLenient(3)).isEqualTo(expected);
    assertThat(reader("90").readBytesLenient(0)).isEqualTo(Bytes.EMPTY);
  }

  @Test
  void readsBytesFromStringOnlyWhenTheCallerAllowsIt() {
    assertThat(reader("a2ff80").readBytesOrString(2)).isEqualTo(Bytes.fromHex("ff80"));
    assertThat(reader("c402ff80").readBytesOrString(2)).isEqualTo(Bytes.fromHex("ff80"));
    assertThat(reader("9201cc80").readBytesOrString(2)).isEqualTo(Bytes.fromHex("0180"));
    refuses("a26162", r -> r.readBytesLenient(2), MsgPackRefusal.WRONG_TYPE);
  }

  @ParameterizedTest
  @CsvSource({"a3616263", "d903616263", "da0003616263", "db00000003616263"})
  void readsStringOfEveryHead(String hex) {
    assertThat(reader(hex).readString(3)).isEqualTo("abc");
  }

  @Test
  void refusesStringThatIsNotUtf8() {
    refuses("a1ff", r -> r.readString(10), MsgPackRefusal.NOT_UTF8);
    refuses("a3eda080", r -> r.readString(10), MsgPackRefusal.NOT_UTF8);
    refuses("a2c0af", r -> r.readString(10), MsgPackRefusal.NOT_UTF8);
  }

  @Test
  void t11_refusesCountOf2Pow32Minus1WithoutAllocating() {
    refuses("ddffffffff", r -> r.readArrayHeader(Integer.MAX_VALUE), MsgPackRefusal.TOO_LONG);
    refuses("dfffffffff", r -> r.readMapHeader(Integer.MAX_VALUE), MsgPackRefusal.TOO_LONG);
    refuses("dbffffffff", r -> r.readString(Integer.MAX_VALUE), MsgPackRefusal.TOO_LONG);
    refuses("c6ffffffff", r -> r.readBinary(Integer.MAX_VALUE), MsgPackRefusal.TOO_LONG);
    refuses("dd7fffffff", r -> r.readBytesLenient(Integer.MAX_VALUE), MsgPackRefusal.TRUNCATED);
    refuses("c67fffffff", r -> r.readBytesLenient(Integer.MAX_VALUE), MsgPackRefusal.TRUNCATED);
    refuses("df7fffffff", MsgPackReader::skipValue, MsgPackRefusal.TRUNCATED);
  }

  @Test
  void refusesLengthAboveTheCallersLimit() {
    refuses("a3616263", r -> r.readString(2), MsgPackRefusal.TOO_LONG);
    refuses("c403010203", r -> r.readBinary(2), MsgPackRefusal.TOO_LONG);
    refuses("93010203", r -> r.readBytesLenient(2), MsgPackRefusal.TOO_LONG);
    refuses("93010203", r -> r.readArrayHeader(2), MsgPackRefusal.TOO_LONG);
    refuses("82a16101a16202", r -> r.readMapHeader(1), MsgPackRefusal.TOO_LONG);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "cc", "cd00", "ce000000", "d3", "c4", "c40201", "a261", "dc00"})
  void refusesTruncatedValue(String hex) {
    refuses(hex, MsgPackReader::skipValue, MsgPackRefusal.TRUNCATED);
  }

  @Test
  void refusesValueOfAnotherTypeAndNamesBoth() {
    assertThatThrownBy(() -> reader("a161").readInteger())
        .hasMessage("invalid type: string, expected integer");
    refuses("01", r -> r.readString(9), MsgPackRefusal.WRONG_TYPE);
    refuses("c0", r -> r.readBinary(9), MsgPackRefusal.WRONG_TYPE);
    refuses("a161", r -> r.readBinary(9), MsgPackRefusal.WRONG_TYPE);
    refuses("80", r -> r.readArrayHeader(9), MsgPackRefusal.WRONG_TYPE);
    refuses("90", r -> r.readMapHeader(9), MsgPackRefusal.WRONG_TYPE);
    refuses("c0", MsgPackReader::readBool, MsgPackRefusal.WRONG_TYPE);
    refuses("ca00000000", MsgPackReader::readInteger, MsgPackRefusal.WRONG_TYPE);
    refuses("c1", MsgPackReader::skipValue, MsgPackRefusal.WRONG_TYPE);
  }

  @Test
  void readsMapWithDistinctKeysAndRefusesARepeatedOne() {
    List<String> seen = new ArrayList<>();
    MsgPackReader reader = reader("83a16101a162c3a163c0");
    reader.readMap(
        3,
        key -> {
          seen.add(key);
          reader.skipValue();
        });
    reader.expectEnd();
    assertThat(seen).containsExactly("a", "b", "c");
    refuses(
        "82a16101a16102", r -> r.readMap(2, key -> r.skipValue()), MsgPackRefusal.DUPLICATE_KEY);
  }

  @Test
  void refusesMapKeyThatIsNoString() {
    refuses("810101", r -> r.readMap(2, key -> r.skipValue()), MsgPackRefusal.WRONG_TYPE);
  }

  @Test
  void readsNilAndBooleans() {
    MsgPackReader reader = reader("c0c2c3");
    assertThat(reader.readNilIfPresent()).isTrue();
    assertThat(reader.readNilIfPresent()).isFalse();
    assertThat(reader.readBool()).isFalse();
    assertThat(reader.readBool()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "c0",
        "c2",
        "05",
        "e5",
        "ccff",
        "cdffff",
        "ceffffffff",
        "cfffffffffffffffff",
        "d0ff",
        "d1ffff",
        "d2ffffffff",
        "d3ffffffffffffffff",
        "ca00000000",
        "cb0000000000000000",
        "a161",
        "d90161",
        "c40161",
        "c5000161",
        "920102",
        "dc00020102",
        "8101a161",
        "de00010102",
        "d40102",
        "d5010203",
        "d60102030405",
        "c7010203",
        "c800010203",
        "c90000000103ff",
        "9192a16181a162c0"
      })
  void skipsOneValueOfEveryKindExactly(String hex) {
    MsgPackReader reader = reader(hex + "2a");
    reader.skipValue();
    assertThat(reader.readInteger()).isEqualTo(42);
    reader.expectEnd();
  }

  @Test
  void refusesNestingDeeperThanThirtyTwo() {
    reader("91".repeat(31) + "00").skipValue();
    refuses("91".repeat(32) + "00", MsgPackReader::skipValue, MsgPackRefusal.TOO_DEEP);
    refuses("91".repeat(100_000) + "00", MsgPackReader::skipValue, MsgPackRefusal.TOO_DEEP);
  }

  @Test
  void refusesTrailingBytesAndSaysHowMany() {
    assertThatThrownBy(reader("0102")::expectEnd).hasMessage("trailing bytes: 2");
  }
}
