package dstack.kms.sim.quote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.bytes.Digests;
import dstack.kms.core.crypto.EcdsaSignature;
import dstack.kms.core.crypto.P256PublicKey;
import dstack.kms.sim.collateral.TeeKind;
import dstack.kms.sim.pki.PckAuthority;
import dstack.kms.sim.pki.SimulatedDevice;
import dstack.kms.sim.pki.SimulatedKey;
import dstack.kms.sim.pki.SimulatedPki;
import dstack.kms.sim.testing.Openssl;
import dstack.kms.testkit.Vectors;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Offsets are those of specification 11 §2–3. */
final class QuoteRecipeTest {
  private static final Bytes REPORT_DATA = Digests.sha512(Bytes.utf8("report data"));

  @TempDir private Path folder;
  private SimulatedDevice device;
  private SimulatedKey attestationKey;

  @BeforeEach
  void openPki() {
    InstantSource clock = InstantSource.fixed(Instant.parse("2026-03-01T12:00:00Z"));
    device =
        SimulatedPki.open(folder.resolve("sim"), clock, new SecureRandom())
            .device(0, PckAuthority.PLATFORM);
    attestationKey = SimulatedKey.generate(new SecureRandom());
  }

  @Test
  void version4HasEveryPartAtItsAbsoluteOffset() {
    Bytes quote = tdx(QuoteLayout.V4_TDX).make();
    assertThat(quote.slice(0, 12).hex()).isEqualTo("040002008100000000000000");
    assertThat(quote.slice(12, 28).hex()).isEqualTo("939a7233f79c4ca9940a0db3957f0607");
    assertThat(quote.slice(568, 632)).isEqualTo(REPORT_DATA);
    assertThat(u32(quote, 632)).isEqualTo(quote.length() - 636);
    assertThat(quote.slice(700, 764)).isEqualTo(attestationKey.coordinates());
    assertThat(quote.slice(764, 766).hex()).isEqualTo("0600");
    assertThat(u32(quote, 766)).isEqualTo(quote.length() - 770);
    assertThat(quote.slice(1218, 1220).hex()).isEqualTo("2000");
    assertThat(quote.slice(1252, 1254).hex()).isEqualTo("0500");
    assertThat(u32(quote, 1254)).isEqualTo(quote.length() - 1258);
    assertThat(quote.slice(1258, quote.length())).isEqualTo(device.certificationData());
  }

  @Test
  void version4HasTheLengthsOfARealQuote() {
    byte[] real = Vectors.bytes("tdx/tdx_quote_v4_a.bin");
    Bytes quote = tdx(QuoteLayout.V4_TDX).make();
    assertThat(quote.slice(0, 8)).isEqualTo(Bytes.of(real, 0, 8));
    assertThat(quote.slice(1218, 1220)).isEqualTo(Bytes.of(real, 1218, 1220));
    assertThat(quote.slice(1252, 1254)).isEqualTo(Bytes.of(real, 1252, 1254));
    assertThat(quote.slice(160, 184)).isEqualTo(Bytes.of(real, 160, 184));
  }

  @ParameterizedTest
  @CsvSource({"V3_SGX,432", "V4_TDX,632", "V5_TD10,638", "V5_TD15,702"})
  void opensslVerifiesAllThreeLinksOfTheChainOfSignatures(QuoteLayout layout, int signed) {
    Bytes quote = layout == QuoteLayout.V3_SGX ? sgx().make() : tdx(layout).make();
    Openssl openssl = new Openssl(folder);
    int data = signed + 4;
    assertThat(quote.slice(data + 64, data + 128)).isEqualTo(attestationKey.coordinates());
    assertThat(verifies(openssl, attestationKey.publicKey(), quote, 0, signed, data)).isTrue();
    int qe = data + 128 + (layout == QuoteLayout.V3_SGX ? 0 : 6);
    assertThat(verifies(openssl, device.pck().publicKey(), quote, qe, qe + 384, qe + 384)).isTrue();
    Bytes vouched = quote.slice(qe + 320, qe + 352);
    Bytes auth = quote.slice(qe + 450, qe + 482);
    assertThat(vouched).isEqualTo(Digests.sha256(attestationKey.coordinates(), auth));
  }

  @Test
  void opensslRefusesTheSignatureOfAnotherKey() {
    SimulatedKey other = SimulatedKey.generate(new SecureRandom());
    Bytes quote = tdx(QuoteLayout.V4_TDX).isvSigner(other).qeSigner(other).make();
    Openssl openssl = new Openssl(folder);
    assertThat(verifies(openssl, attestationKey.publicKey(), quote, 0, 632, 636)).isFalse();
    assertThat(verifies(openssl, device.pck().publicKey(), quote, 770, 1154, 1154)).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "TEE_TCB_SVN,48",
    "MR_SEAM,64",
    "MR_SIGNER_SEAM,112",
    "SEAM_ATTRIBUTES,160",
    "TD_ATTRIBUTES,168",
    "XFAM,176",
    "MR_TD,184",
    "MR_CONFIG_ID,232",
    "MR_OWNER,280",
    "MR_OWNER_CONFIG,328",
    "RT_MR0,376",
    "RT_MR1,424",
    "RT_MR2,472",
    "RT_MR3,520",
    "REPORT_DATA,568"
  })
  void placesFieldsWhereTheTableOfVersion4HasThem(TdReportField field, int offset) {
    Bytes mark = Bytes.of(new byte[] {1, 2, 3, 4}).paddedTo(field.length());
    Bytes quote = tdx(QuoteLayout.V4_TDX).tdReport(field, mark).make();
    assertThat(quote.slice(offset, offset + field.length())).isEqualTo(mark);
  }

  @ParameterizedTest
  @CsvSource({
    "TEE_TCB_SVN,54",
    "RT_MR3,526",
    "REPORT_DATA,574",
    "TEE_TCB_SVN2,638",
    "MR_SERVICE_TD,654"
  })
  void placesFieldsWhereTheTableOfVersion5HasThem(TdReportField field, int offset) {
    Bytes mark = Bytes.of(new byte[] {1, 2, 3, 4}).paddedTo(field.length());
    Bytes quote = tdx(QuoteLayout.V5_TD15).tdReport(field, mark).make();
    assertThat(quote.slice(48, 54).hex()).isEqualTo("030088020000");
    assertThat(quote.slice(offset, offset + field.length())).isEqualTo(mark);
  }

  @Test
  void refusesFieldsOfAnotherLength() {
    QuoteRecipe recipe = tdx(QuoteLayout.V4_TDX);
    assertThatThrownBy(() -> recipe.tdReport(TdReportField.MR_TD, Bytes.zeros(47)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> recipe.tdReport(TdReportField.MR_TD, Bytes.zeros(49)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> recipe.tdReport(TdReportField.MR_SERVICE_TD, Bytes.zeros(48)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private QuoteRecipe tdx(QuoteLayout layout) {
    TdReport report = TdReport.blank().with(TdReportField.REPORT_DATA, REPORT_DATA);
    return QuoteRecipe.tdx(layout, report, device, attestationKey);
  }

  private QuoteRecipe sgx() {
    SgxReport report =
        SgxReport.ofQuotingEnclave(TeeKind.SGX).with(SgxReportField.REPORT_DATA, REPORT_DATA);
    return QuoteRecipe.sgx(report, device, attestationKey);
  }

  private static boolean verifies(
      Openssl openssl, P256PublicKey key, Bytes quote, int from, int to, int signature) {
    return openssl.verifies(
        key, quote.slice(from, to), new EcdsaSignature(quote.slice(signature, signature + 64)));
  }

  private static int u32(Bytes quote, int offset) {
    return quote.at(offset)
        | quote.at(offset + 1) << 8
        | quote.at(offset + 2) << 16
        | quote.at(offset + 3) << 24;
  }
}
