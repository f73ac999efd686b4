package dstack.kms.attest.gcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dstack.kms.attest.evidence.TpmPlatform;
import dstack.kms.attest.evidence.TpmQuote;
import dstack.kms.attest.evidence.TpmQuote.PcrValue;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.bytes.Digests;
import dstack.kms.core.refusal.RefusalException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class QuotedTpmTest {
  private static final TpmQuote COMPOSED = GcpData.quote(GcpData.COMPOSED);

  @Test
  void hasTheValuesOfTheComposedEvidence() {
    QuotedTpm tpm = QuotedTpm.read(COMPOSED);
    assertThat(COMPOSED.message().hex()).isEqualTo(GcpData.expected("tpms_attest"));
    assertThat(COMPOSED.eventLog()).hasSize(GcpData.EXPECTED.get("n_tpm_events").intValue());
    assertThat(tpm.qualifyingData().hex()).isEqualTo(GcpData.expected("tpm_qualifying_data"));
    assertThat(tpm.pcr0().hex()).isEqualTo(GcpData.expected("pcr0"));
    assertThat(tpm.pcr2().hex()).isEqualTo(GcpData.expected("pcr2"));
    assertThat(tpm.pcr14().hex()).isEqualTo(GcpData.expected("pcr14"));
    assertThat(tpm.bootEvents())
        .extracting(Bytes::hex)
        .containsExactly(
            "df3f619804a92fdb4057192dc43dd748ea778adc52bc498ce80524c014b81119",
            "00b8a357e652623798d1bbd16c375ec90fbed802b4269affa3e78e6eb19386cf",
            "9ab14a46f858662a89adc102d2a57a13f52f75c1769d65a4c34edbbfc8855f0f",
            "ade943a0a7a3189a3201ba17d7df778eb380cbd33ce5e361176e974ccf7cdedb");
  }

  @ParameterizedTest
  @EnumSource(value = TpmPlatform.class, mode = EnumSource.Mode.EXCLUDE, names = "GCP")
  void refusesAQuoteOfAnotherPlatform(TpmPlatform platform) {
    TpmQuote other =
        new TpmQuote(
            COMPOSED.message(),
            COMPOSED.signature(),
            COMPOSED.pcrValues(),
            COMPOSED.akCert(),
            platform,
            COMPOSED.eventLog());
    assertRefused(
        other,
        GcpRefusal.PLATFORM,
        "TPM quote of platform " + platform.wireName() + ", expected gcp");
  }

  @ParameterizedTest
  @CsvSource({
    "'', 00000000",
    "'0', 00000001000b0101",
    "'0,2', 00000001000b0105",
    "'2,14', 00000001000b020440",
    "'0,14', 00000001000b020140",
    "'0,2,14,16', 00000001000b03054001",
    "'0,1,2,14', 00000001000b020740",
    "'0,2,14', 00000002000b0105000b020040",
    "'0,2,14', 00000002000b020540000b00",
  })
  void refusesEveryOtherSetOfRegistersEvenIfTheTpmQuotedIt(String registers, String selections) {
    List<PcrValue> values =
        Stream.of(registers.split(","))
            .filter(register -> !register.isEmpty())
            .map(register -> new PcrValue(Long.parseLong(register), "sha256", Bytes.zeros(32)))
            .toList();
    assertRefused(
        quote(selections, values),
        GcpRefusal.PCR_SELECTION,
        "PCR selection mismatch: expected [0, 2, 14] in one selection");
  }

  @Test
  void takesTheRegistersFromABitmapOfAnyLength() {
    List<PcrValue> values =
        Stream.of(0L, 2L, 14L).map(i -> new PcrValue(i, "sha256", Bytes.zeros(32))).toList();
    for (String selection : List.of("00000001000b020540", "00000001000b0405400000")) {
      assertThat(QuotedTpm.read(quote(selection, values)).bootEvents()).isEmpty();
    }
  }

  private static TpmQuote quote(String selections, List<PcrValue> values) {
    Bytes message = TpmsAttestTest.quoteOf(selections);
    Bytes digest = Digests.sha256(values.stream().map(PcrValue::value).toArray(Bytes[]::new));
    return new TpmQuote(
        Bytes.concat(message.slice(0, message.length() - 2), Bytes.fromHex("0020"), digest),
        Bytes.EMPTY,
        values,
        Bytes.EMPTY,
        TpmPlatform.GCP,
        List.of());
  }

  private static void assertRefused(TpmQuote quote, GcpRefusal code, String text) {
    assertThatThrownBy(() -> QuotedTpm.read(quote))
        .isInstanceOfSatisfying(RefusalException.class, e -> assertThat(e.code()).isEqualTo(code))
        .hasMessage(text);
  }
}
