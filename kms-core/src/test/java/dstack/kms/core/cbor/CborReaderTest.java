package dstack.kms.core.cbor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The examples of RFC 8949 appendix A that the documents may contain, and what is refused. */
final class CborReaderTest {
  private static CborValue read(String hex) {
    return CborReader.readAll(Bytes.fromHex(hex));
  }

  @ParameterizedTest
  @CsvSource({
    "00, 0",
    "01, 1",
    "0a, 10",
    "17, 23",
    "1818, 24",
    "1819, 25",
    "1864, 100",
    "1903e8, 1000",
    "1a000f4240, 1000000",
    "1b000000e8d4a51000, 1000000000000",
    "1b7fffffffffffffff, 9223372036854775807",
    "20, -1",
    "29, -10",
    "3863, -100",
    "3822, -35",
    "3903e7, -1000",
    "3b7fffffffffffffff, -9223372036854775808"
  })
  void readsIntegersOfTheStandard(String hex, long value) {
    assertThat(read(hex)).isEqualTo(new CborValue.Int(value));
    assertThat(CborWriter.write(new CborValue.Int(value)).hex()).isEqualTo(hex);
  }

  @Test
  void readsStringsOfTheStandard() {
    assertThat(read("40")).isEqualTo(new CborValue.Raw(Bytes.EMPTY));
    assertThat(read("4401020304")).isEqualTo(new CborValue.Raw(Bytes.fromHex("01020304")));
    assertThat(read("60")).isEqualTo(new CborValue.Text(""));
    assertThat(read("6449455446")).isEqualTo(new CborValue.Text("IETF"));
    assertThat(read("62225c")).isEqualTo(new CborValue.Text("\"\\"));
    assertThat(read("62c3bc")).isEqualTo(new CborValue.Text("\u00fc"));
    assertThat(read("64f0908591")).isEqualTo(new CborValue.Text("\ud800\udd51"));
  }

  @Test
  void readsContainersOfTheStandard() {
    assertThat(read("80")).isEqualTo(new CborValue.Array(List.of()));
    assertThat(read("83010203").asArray("it"))
        .containsExactly(new CborValue.Int(1), new CborValue.Int(2), new CborValue.Int(3));
    assertThat(read("98190102030405060708090a0b0c0d0e0f101112131415161718181819").asArray("it"))
        .hasSize(25);
    assertThat(read("a0")).isEqualTo(new CborMap(Map.of()));
    assertThat(read("a201020304").asMap("it").get(3)).contains(new CborValue.Int(4));
    assertThat(read("a26161016162820203").asMap("it").require("b").asArray("b")).hasSize(2);
    assertThat(read("c074323031332d30332d32315432303a30343a30305a"))
        .isEqualTo(new CborValue.Tagged(0, new CborValue.Text("2013-03-21T20:04:00Z")));
    assertThat(read("f4")).isEqualTo(new CborValue.Bool(false));
    assertThat(read("f5")).isEqualTo(new CborValue.Bool(true));
    assertThat(read("f6")).isEqualTo(new CborValue.Null());
  }

  @ParameterizedTest
  @CsvSource({
    "'', cbor-truncated",
    "18, cbor-truncated",
    "19ff, cbor-truncated",
    "1b00000000000000, cbor-truncated",
    "41, cbor-truncated",
    "420a, cbor-truncated",
    "5affffffff00, cbor-truncated",
    "5b7fffffffffffffff00, cbor-truncated",
    "6161ff, cbor-trailing-bytes",
    "0000, cbor-trailing-bytes",
    "9affffffff, cbor-truncated",
    "baffffffff, cbor-truncated",
    "8101ff, cbor-trailing-bytes",
    "8201, cbor-truncated",
    "a101, cbor-truncated",
    "c1, cbor-truncated",
    "1817, cbor-not-shortest",
    "1800, cbor-not-shortest",
    "190018, cbor-not-shortest",
    "1900ff, cbor-not-shortest",
    "1a0000ffff, cbor-not-shortest",
    "1b00000000ffffffff, cbor-not-shortest",
    "5803010203, cbor-not-shortest",
    "1b8000000000000000, cbor-out-of-range",
    "3bffffffffffffffff, cbor-out-of-range",
    "5bffffffffffffffff, cbor-out-of-range",
    "1c, cbor-unsupported",
    "1f, cbor-unsupported",
    "3f, cbor-unsupported",
    "5f4100ff, cbor-unsupported",
    "7f6161ff, cbor-unsupported",
    "9fff, cbor-unsupported",
    "bfff, cbor-unsupported",
    "f7, cbor-unsupported",
    "f0, cbor-unsupported",
    "f8ff, cbor-unsupported",
    "f90000, cbor-unsupported",
    "fa47c35000, cbor-unsupported",
    "fb3ff199999999999a, cbor-unsupported",
    "ff, cbor-unsupported",
    "61ff, cbor-not-utf8",
    "62c080, cbor-not-utf8",
    "63eda080, cbor-not-utf8",
    "a201000102, cbor-duplicate-key",
    "a2616101616102, cbor-duplicate-key",
    "a1400a, cbor-unsupported",
    "a1800a, cbor-unsupported",
    "a1f600, cbor-unsupported"
  })
  void refusesWhatIsNotStrict(String hex, String code) {
    assertThatThrownBy(() -> read(hex))
        .isInstanceOfSatisfying(
            RefusalException.class, e -> assertThat(e.code().code()).isEqualTo(code));
  }

  @ParameterizedTest
  @ValueSource(strings = {"81", "a100", "c0"})
  void refusesDepthBeyondSixteen(String opening) {
    assertThat(read(opening.repeat(16) + "00")).isNotNull();
    assertThatThrownBy(() -> read(opening.repeat(17) + "00"))
        .hasMessage("CBOR nested deeper than 16");
    assertThatThrownBy(() -> read(opening.repeat(500_000)))
        .hasMessage("CBOR nested deeper than 16");
  }

  @Test
  void readsOnlyTheFirstItemOfABuffer() {
    assertThat(CborReader.readFirst(Bytes.fromHex("820102ffffff")).asArray("it")).hasSize(2);
    assertThatThrownBy(() -> CborReader.readFirst(Bytes.fromHex("8201")))
        .hasMessage("CBOR ends early");
  }

  @Test
  void namesWhatIsOfAnotherType() {
    CborMap map = read("a26161016162820203").asMap("it");
    assertThatThrownBy(() -> map.require("a").asBytes("a")).hasMessage("a is not a byte string");
    assertThatThrownBy(() -> map.require("a").asText("a")).hasMessage("a is not a text string");
    assertThatThrownBy(() -> map.require("a").asMap("a")).hasMessage("a is not a map");
    assertThatThrownBy(() -> map.require("a").asArray("a")).hasMessage("a is not an array");
    assertThatThrownBy(() -> map.require("b").asInteger("b")).hasMessage("b is not an integer");
    assertThatThrownBy(() -> map.require("c")).hasMessage("missing field `c`");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "bfff",
        "bf6161016162820203ff",
        "bf636b6579a10102ff",
        "a0",
        "a26161016162820203",
      })
  void readsAnOpenMapWhereOneIsAllowed(String hex) {
    CborMap map = CborReader.readAllFromOpenMap(Bytes.fromHex(hex)).asMap("it");

    // The same entries in the definite form, of which there are fewer than 24 here.
    Bytes definite = CborWriter.write(map);
    Bytes entries = definite.slice(1, definite.length());
    assertThat(hex).contains(entries.hex());
    assertThat(definite.at(0)).isEqualTo(0xa0 + map.entries().size());
  }

  @ParameterizedTest
  @CsvSource({
    "bf, cbor-truncated",
    "bf616101, cbor-truncated",
    "bf6161ff, cbor-unsupported",
    "bf61610161610 2ff, cbor-duplicate-key",
    "bfff00, cbor-trailing-bytes",
    "bfffff, cbor-trailing-bytes",
    "a16161bfff, cbor-unsupported",
    "bf6161bfffff, cbor-unsupported",
    "bf61619fffff, cbor-unsupported",
    "bf61615f4101ffff, cbor-unsupported",
    "bf7f6161ff01ff, cbor-unsupported",
    "bf4101 01ff, cbor-unsupported",
    "81bfff, cbor-unsupported",
    "d2bfff, cbor-unsupported",
    "9fff, cbor-unsupported",
    "5f4101ff, cbor-unsupported",
    "ff, cbor-unsupported",
  })
  void refusesEveryOtherIndefiniteLength(String hex, String code) {
    Bytes input = Bytes.fromHex(hex.replace(" ", ""));
    assertThatThrownBy(() -> CborReader.readAllFromOpenMap(input))
        .isInstanceOfSatisfying(
            RefusalException.class, e -> assertThat(e.code().code()).isEqualTo(code));
  }

  @Test
  void refusesAnOpenMapElsewhere() {
    for (Bytes input : List.of(Bytes.fromHex("bfff"), Bytes.fromHex("bf616101ff"))) {
      assertThatThrownBy(() -> CborReader.readAll(input)).isInstanceOf(RefusalException.class);
      assertThatThrownBy(() -> CborReader.readFirst(input)).isInstanceOf(RefusalException.class);
    }
  }

  @Test
  void t09_refusesMoreEntriesThanAnyDocumentHas() {
    assertThat(CborReader.readAll(mapOf(256)).asMap("it").entries()).hasSize(256);
    assertThatThrownBy(() -> CborReader.readAll(mapOf(257)))
        .hasMessage("CBOR map of more than 256 entries")
        .extracting(e -> ((RefusalException) e).code())
        .isEqualTo(CborRefusal.TOO_MANY_ENTRIES);
    assertThatThrownBy(() -> CborReader.readAllFromOpenMap(openMapOf(257)))
        .hasMessage("CBOR map of more than 256 entries");
    // Keys of one and the same hash, 100,000 of them: minutes of work if they were all taken.
    assertThatThrownBy(() -> CborReader.readAll(mapOf(100_000)))
        .hasMessage("CBOR map of more than 256 entries");
  }

  private static Bytes mapOf(int count) {
    return Bytes.concat(head(count), entries(count));
  }

  private static Bytes head(int count) {
    return Bytes.fromHex(count < 0x10000 ? "b9%04x".formatted(count) : "ba%08x".formatted(count));
  }

  private static Bytes openMapOf(int count) {
    return Bytes.concat(Bytes.fromHex("bf"), entries(count), Bytes.fromHex("ff"));
  }

  /** The integers n · (2^32 + 1), whose halves are equal: all of them hash to 0. */
  private static Bytes entries(int count) {
    ByteBuffer out = ByteBuffer.allocate(10 * count);
    for (long n = 1; n <= count; n++) {
      out.put((byte) 0x1b).putLong(n << 32 | n).put((byte) 0);
    }
    return Bytes.of(out.array());
  }
}
