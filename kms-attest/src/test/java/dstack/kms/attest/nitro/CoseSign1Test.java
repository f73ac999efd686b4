package dstack.kms.attest.nitro;

import static org.assertj.core.api.Assertions.assertThat;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.cbor.CborMap;
import dstack.kms.core.cbor.CborValue;
import dstack.kms.core.cbor.CborWriter;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The outer structure of documents, and their signed header. */
final class CoseSign1Test {
  private static final CborValue RAW = new CborValue.Raw(Bytes.fromHex("a1013822"));
  private static final CborValue EMPTY_MAP = new CborMap(Map.of());

  private static Bytes array(CborValue... items) {
    return CborWriter.write(new CborValue.Array(List.of(items)));
  }

  @Test
  void readsTheRealDocuments() {
    for (Bytes document :
        List.of(NitroVectors.prodCose(), NitroVectors.debug2022(), NitroVectors.valid2023())) {
      CoseSign1 read = CoseSign1.parse(document);

      assertThat(read.protectedHeader().hex()).isEqualTo("a1013822");
      assertThat(read.signature().length()).isEqualTo(96);
      assertThat(document.hex())
          .startsWith("8444a1013822a059")
          .contains(read.payload().hex())
          .endsWith("5860" + read.signature().hex());
    }
  }

  @Test
  void writesTheSignedStructureOfTheSpecification() {
    Bytes document = NitroVectors.prodCose();
    CoseSign1 read = CoseSign1.parse(document);

    // 15 §2 step 8: 84 6a "Signature1" 44a1013822 40 59LLLL payload
    assertThat(read.signedStructure().hex())
        .isEqualTo("846a5369676e6174757265314" + "4a101382240591142" + read.payload().hex());
  }

  @Test
  void takesTag18AroundTheArrayAndNoOther() {
    Bytes document = NitroVectors.valid2023();

    assertThat(CoseSign1.parse(Bytes.concat(Bytes.fromHex("d2"), document)))
        .isEqualTo(CoseSign1.parse(document));
    for (String tag : List.of("d1", "d3", "d8", "d81812", "d2d2")) {
      Bytes tagged = Bytes.concat(Bytes.fromHex(tag), document);
      assertThat(Refusals.of(() -> CoseSign1.parse(tagged)).text())
          .startsWith("Failed to parse COSE Sign1: ");
    }
  }

  @Test
  void refusesTrailingBytes() {
    Bytes document = Bytes.concat(NitroVectors.prodCose(), Bytes.zeros(1));

    assertThat(Refusals.of(() -> CoseSign1.parse(document)))
        .hasMessage("Failed to parse COSE Sign1: Trailing bytes after COSE Sign1");
  }

  @Test
  void refusesEveryTruncation() {
    Bytes document = NitroVectors.debug2022();
    for (int length = 0; length < document.length(); length += 7) {
      Bytes shorter = document.slice(0, length);
      assertThat(Refusals.of(() -> CoseSign1.parse(shorter)).text())
          .startsWith("Failed to parse COSE Sign1: ");
    }
  }

  @Test
  void refusesOtherShapes() {
    List<Bytes> others =
        List.of(
            array(),
            array(RAW, EMPTY_MAP, RAW),
            array(RAW, EMPTY_MAP, RAW, RAW, RAW),
            array(EMPTY_MAP, EMPTY_MAP, RAW, RAW),
            array(RAW, EMPTY_MAP, new CborValue.Null(), RAW),
            array(RAW, EMPTY_MAP, RAW, new CborValue.Text("signature")),
            array(RAW, new CborValue.Int(0), RAW, RAW),
            array(RAW, EMPTY_MAP, new CborValue.Array(List.of(new CborValue.Int(1))), RAW),
            CborWriter.write(EMPTY_MAP),
            CborWriter.write(RAW),
            Bytes.fromHex("9f44a1013822a04040ff"),
            Bytes.fromHex("845f44a1013822ffa04040"),
            Bytes.fromHex("8458044a1013822a04040" + "0"));
    for (Bytes other : others) {
      assertThat(Refusals.of(() -> CoseSign1.parse(other)).text())
          .startsWith("Failed to parse COSE Sign1: ");
    }
  }

  @Test
  void takes16KiBAndNotAByteMore() {
    CborValue filling = new CborValue.Raw(Bytes.zeros(CoseSign1.MAX_LENGTH - 4 - 1 - 5 - 1 - 1));
    Bytes largest = array(RAW, EMPTY_MAP, filling, new CborValue.Raw(Bytes.EMPTY));
    Bytes larger =
        array(RAW, EMPTY_MAP, filling, new CborValue.Raw(Bytes.zeros(CoseSign1.MAX_LENGTH)));

    assertThat(largest.length()).isLessThanOrEqualTo(CoseSign1.MAX_LENGTH);
    assertThat(CoseSign1.parse(largest).payload().length()).isGreaterThan(16_000);
    assertThat(Refusals.of(() -> CoseSign1.parse(larger)))
        .hasMessage("Failed to parse COSE Sign1: longer than 16384 bytes");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a1013822",
        "a201382202" + "8101",
        "a2013822028163616c67",
        "a201382202820163616c67",
        "a20138220280",
        "a201382218ff00",
        "a2040101" + "3822",
      })
  void takesHeadersThatAskForNothingUnknown(String header) {
    ProtectedHeader.requireEs384(Bytes.fromHex(header));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "a10126|Unsupported COSE algorithm: -7. Expected -35 (ES384)",
        "a1013823|Unsupported COSE algorithm: -36. Expected -35 (ES384)",
        "a10105|Unsupported COSE algorithm: 5. Expected -35 (ES384)",
        "a0|Failed to get algorithm: No algorithm in protected header",
        "a10438 22|Failed to get algorithm: No algorithm in protected header",
        "a1016545533 33834|Failed to get algorithm: algorithm is not an integer",
        "a2013822028102|Unsupported COSE critical headers: a critical header parameter is not"
            + " known",
        "a2013822028163616c68|Unsupported COSE critical headers: a critical header parameter is not"
            + " known",
        "a201382202820102|Unsupported COSE critical headers: a critical header parameter is not"
            + " known",
        "a20138220281f6|Unsupported COSE critical headers: a critical header parameter is not"
            + " known",
        "a20138220281c101|Unsupported COSE critical headers: a critical header parameter is not"
            + " known",
        "a20138220201|Unsupported COSE critical headers: crit is not an array",
        "a201382202a0|Unsupported COSE critical headers: crit is not an array",
        "a2013822013822|Unsupported COSE critical headers: CBOR map key stands twice",
        "a201382263616c6700|Unsupported COSE critical headers: protected header key is not an"
            + " integer",
        "a101382200|Unsupported COSE critical headers: 1 bytes after the CBOR item",
        "bf013822ff|Unsupported COSE critical headers: CBOR item of indefinite or reserved length",
        "8101|Unsupported COSE critical headers: protected header is not a map",
        "''|Unsupported COSE critical headers: CBOR ends early",
      })
  void refusesEveryOtherHeader(String header, String text) {
    Bytes bytes = Bytes.fromHex(header.replace(" ", "").replace("'", ""));
    assertThat(Refusals.of(() -> ProtectedHeader.requireEs384(bytes))).hasMessage(text);
  }
}
