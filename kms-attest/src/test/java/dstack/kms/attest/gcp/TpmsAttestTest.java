package dstack.kms.attest.gcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.testkit.Vectors;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TpmsAttestTest {
  private static final Bytes SAMPLE = Bytes.of(Vectors.bytes("platforms/tpm/tpm_quote_sample.bin"));

  @Test
  void readsTheSampleOfTheOriginal() {
    TpmsAttest attest = TpmsAttest.parse(SAMPLE);
    assertThat(attest.qualifiedSigner().hex()).startsWith("000b5e49660a").endsWith("5fe2");
    assertThat(attest.extraData().hex()).isEqualTo("12345678");
    assertThat(attest.clock()).isEqualTo(new TpmsAttest.Clock(0x054D_D1EF, 16, 0, true));
    assertThat(attest.firmwareVersion()).isEqualTo(0x2016_0511_0016_2800L);
    assertThat(attest.selections())
        .containsExactly(new TpmsAttest.Selection(0x000B, List.of(0L, 1L, 2L)));
    assertThat(attest.pcrDigest().hex())
        .isEqualTo("d8de2be2e8a319cddf3d1ce1a310f45e30fd335255278e4fcbd59a5f58887648");
  }

  @Test
  void readsTheRealQuoteOfDecember2025() {
    TpmsAttest attest = TpmsAttest.parse(GcpData.quote(GcpData.REAL).message());
    assertThat(attest.qualifiedSigner().hex()).startsWith("000b6d76b322e840").endsWith("ecb7");
    assertThat(attest.extraData().hex())
        .isEqualTo("9d6cb4e5f78c27fa37957cae77a50deb70ad162d33413b37bd7d1967815b8cee");
    assertThat(attest.clock()).isEqualTo(new TpmsAttest.Clock(163_535_471, 15, 0, true));
    assertThat(attest.firmwareVersion()).isEqualTo(0x2016_0511_0016_2800L);
    assertThat(attest.selections())
        .containsExactly(new TpmsAttest.Selection(0x000B, List.of(0L, 2L, 14L)));
    assertThat(attest.pcrDigest().hex())
        .isEqualTo("45945647b298002fab5255ac6d0fc84be25122a385fb05d51be6d1bd6483fc38");
  }

  @Test
  void readsTheRealQuoteOverAllRegistersWithoutNonce() {
    TpmsAttest attest = TpmsAttest.parse(GcpData.rsaQuote().message());
    assertThat(attest.extraData()).isEqualTo(Bytes.EMPTY);
    assertThat(attest.clock()).isEqualTo(new TpmsAttest.Clock(8_219_152_533L, 10, 0, true));
    assertThat(attest.selections())
        .containsExactly(
            new TpmsAttest.Selection(0x000B, LongStream.range(0, 24).boxed().toList()));
  }

  @Test
  void refusesEveryCutAndEveryByteAfterTheEnd() {
    for (int length = 0; length < SAMPLE.length(); length++) {
      assertRefused(SAMPLE.slice(0, length), "parse error: it ends early");
    }
    assertRefused(Bytes.concat(SAMPLE, Bytes.zeros(1)), "parse error: 1 bytes after it");
    assertRefused(Bytes.concat(SAMPLE, Bytes.zeros(7)), "parse error: 7 bytes after it");
  }

  @ParameterizedTest
  @CsvSource({
    "0, invalid magic number: 0xfe544347",
    "3, invalid magic number: 0xff544346",
    "4, invalid attest type: 0x8118",
    "5, invalid attest type: 0x8019",
  })
  void refusesAnotherMagicOrKindOfStructure(int offset, String text) {
    assertRefused(GcpData.xor(SAMPLE, offset, 1), text);
  }

  @Test
  void checksTheMagicBeforeTheKindAndBothAfterTheStructure() {
    Bytes both = GcpData.xor(GcpData.xor(SAMPLE, 0, 1), 5, 1);
    assertRefused(both, "invalid magic number: 0xfe544347");
    assertRefused(both.slice(0, 60), "parse error: it ends early");
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 128, 255})
  void refusesASafeThatIsNeitherYesNorNo(int safe) {
    assertRefused(withSafe(safe), "parse error: safe is neither yes nor no");
  }

  @Test
  void takesAClockThatIsNotSafe() {
    // A TPM that lost power says so until its clock has gone on; that is no reason to refuse.
    assertThat(TpmsAttest.parse(withSafe(0)).clock().safe()).isFalse();
  }

  @Test
  void readsRegistersOfLongBitmapsAndOfSeveralBanks() {
    assertThat(TpmsAttest.parse(quoteOf("00000001" + "000b" + "04" + "01008080")).selections())
        .containsExactly(new TpmsAttest.Selection(0x000B, List.of(0L, 23L, 31L)));
    assertThat(
            TpmsAttest.parse(quoteOf("00000002" + "000b" + "01" + "05" + "000c" + "020040"))
                .selections())
        .containsExactly(
            new TpmsAttest.Selection(0x000B, List.of(0L, 2L)),
            new TpmsAttest.Selection(0x000C, List.of(14L)));
    assertThat(TpmsAttest.parse(quoteOf("00000000")).selections()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"00000011", "ffffffff", "7fffffff"})
  void refusesMoreBanksThanATpmHas(String count) {
    assertRefused(quoteOf(count), "too many PCR selections: " + Long.parseLong(count, 16));
  }

  @Test
  void refusesAMessageThatIsTooLong() {
    assertRefused(Bytes.zeros(4097), "longer than 4096 bytes");
  }

  /** A message with this list of selections and an empty digest. */
  static Bytes quoteOf(String selections) {
    return Bytes.fromHex(
        "ff544347"
            + "8018"
            + "0000"
            + "0000"
            + "00".repeat(16)
            + "01"
            + "00".repeat(8)
            + selections
            + "0000");
  }

  private static Bytes withSafe(int safe) {
    byte[] changed = SAMPLE.toArray();
    changed[6 + 2 + 34 + 2 + 4 + 16] = (byte) safe;
    return Bytes.of(changed);
  }

  private static void assertRefused(Bytes message, String text) {
    assertThatThrownBy(() -> TpmsAttest.parse(message))
        .isInstanceOfSatisfying(
            RefusalException.class, e -> assertThat(e.code()).isEqualTo(GcpRefusal.ATTEST))
        .hasMessage("failed to parse TPMS_ATTEST: " + text);
  }
}
