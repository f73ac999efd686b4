package dstack.kms.attest.dcap;

import static dstack.kms.attest.dcap.RealData.collateral;
import static dstack.kms.attest.dcap.RealData.collateralA;
import static dstack.kms.attest.dcap.RealData.quote;
import static dstack.kms.attest.dcap.RealData.quoteA;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dstack.kms.attest.collateral.Collateral;
import dstack.kms.attest.quote.TdReport;
import dstack.kms.attest.quote.TeeType;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.bytes.Digests;
import dstack.kms.core.refusal.RefusalException;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.node.ObjectNode;

/** Specification 11 §10: outcomes that an independent verifier computed over real data. */
class WorkedOutcomesTest {
  private static VerifiedQuote verify(Bytes quote, Collateral collateral, long now) {
    return RealData.verifier().verify(quote, collateral, Instant.ofEpochSecond(now));
  }

  @ParameterizedTest
  @CsvSource({"1750329147", "1750400000", "1752919234"})
  void quoteAIsUpToDateInItsWindow(long now) {
    VerifiedQuote verified = verify(quoteA(), collateralA(), now);

    assertThat(verified.status()).isEqualTo(TcbStatus.UP_TO_DATE);
    assertThat(verified.convergedStatus()).isEqualTo(TcbStatus.UP_TO_DATE);
    assertThat(verified.advisoryIds()).isEmpty();
    assertThat(verified.platformLevelVerdict().status()).isEqualTo(TcbStatus.UP_TO_DATE);
    assertThat(verified.moduleVerdict()).contains(new TcbVerdict(TcbStatus.UP_TO_DATE, List.of()));
    assertThat(verified.qeVerdict().status()).isEqualTo(TcbStatus.UP_TO_DATE);
    assertThat(verified.teeType()).isEqualTo(TeeType.TDX);
    assertThat(verified.ppid().hex()).isEqualTo("811dca2a26b952e85bb6448b097ba4fd");
    assertThat(verified.fmspc().hex()).isEqualTo("b0c06f000000");
    assertThat(verified.tcbEvaluationDataNumber()).isEqualTo(17);
    assertThat(Digests.sha256(verified.ppid()).hex())
        .isEqualTo("a97a2d0b5e6df04773d42059b1d72df761856beda65f51d0b0d63349483a58cf");
    assertThat(verified.report()).isInstanceOf(TdReport.class);
    assertThat(verified.report().reportData()).isEqualTo(quoteA().slice(568, 632));
    assertThat(verified.raw()).isEqualTo(quoteA());
    assertThat(verified.window().from()).isEqualTo(1_750_329_147L);
    assertThat(verified.window().to()).isEqualTo(1_752_919_234L);
  }

  @ParameterizedTest
  @CsvSource({"1756798919", "1759388630"})
  void quoteBIsUpToDateInItsWindow(long now) {
    VerifiedQuote verified = verify(quote("tdx_quote_v4_b.bin"), collateral("tdx_quote_v4_b"), now);

    assertThat(verified.status()).isEqualTo(TcbStatus.UP_TO_DATE);
    assertThat(verified.advisoryIds()).isEmpty();
    assertThat(Digests.sha256(verified.ppid()).hex())
        .isEqualTo("5805fc9fbab0eca7bc8358c3d4f01989638438a94160da8aae1c955224d9af4f");
  }

  @ParameterizedTest
  @CsvSource({"1756798918", "1759388631"})
  void quoteBIsRefusedOutsideItsWindow(long now) {
    assertThatThrownBy(() -> verify(quote("tdx_quote_v4_b.bin"), collateral("tdx_quote_v4_b"), now))
        .isInstanceOf(RefusalException.class);
  }

  @Test
  void tappdQuoteReachesNoLevel() {
    assertThatThrownBy(() -> verify(quote("tdx_quote_v4_tappd.bin"), collateralA(), 1_752_919_234L))
        .hasMessage("No matching TCB level found");
  }

  @ParameterizedTest
  @CsvSource({"1760896130", "1762944331"})
  void gcpQuoteIsUpToDateInItsWindow(long now) {
    VerifiedQuote verified =
        verify(RealData.gcpQuote(), collateral("gcp_fmspc_00806F050000_2025-10"), now);

    assertThat(verified.status()).isEqualTo(TcbStatus.UP_TO_DATE);
    assertThat(verified.ppid().hex()).isEqualTo("9e33a1b2d5b76a301cc4a7d9f1e0c91b");
    assertThat(Digests.sha256(verified.ppid()).hex())
        .isEqualTo("2b30a93ff23686bb0098b413276ea33e0b163e8e575b77103c51f89df826e903");
  }

  @ParameterizedTest
  @CsvSource({"1786617938", "1789171030"})
  void dstackQuoteIsUpToDateWithLaterCollateral(long now) {
    VerifiedQuote verified =
        verify(RealData.dstackQuote(), collateral("fmspc_B0C06F000000_2026-08"), now);

    assertThat(verified.status()).isEqualTo(TcbStatus.UP_TO_DATE);
    assertThat(verified.advisoryIds()).isEmpty();
  }

  @Test
  void quoteAIsOutOfDateWithLaterCollateral() {
    VerifiedQuote verified =
        verify(quoteA(), collateral("fmspc_B0C06F000000_2026-08"), 1_789_171_030L);

    assertThat(verified.status()).isEqualTo(TcbStatus.OUT_OF_DATE);
    assertThat(verified.convergedStatus()).isEqualTo(TcbStatus.OUT_OF_DATE);
    assertThat(verified.advisoryIds())
        .containsExactly("INTEL-SA-01192", "INTEL-SA-01245", "INTEL-SA-01312", "INTEL-SA-01313");
  }

  @Test
  void quoteOfAReportIsUpToDate() {
    VerifiedQuote verified =
        verify(RealData.quoteOfReport(), collateral("fmspc_90C06F000000_2026-02"), 1_774_003_274L);

    assertThat(verified.status()).isEqualTo(TcbStatus.UP_TO_DATE);
    assertThat(verified.advisoryIds()).isEmpty();
  }

  @Test
  void chainInTheCollateralReplacesTheOneInTheQuote() {
    Collateral withChain =
        collateralA()
            .withPckCertificateChain(quoteA().slice(1258, 4936).utf8Text().replace("\0", ""));

    assertThat(verify(quoteA(), withChain, 1_750_400_000L).status())
        .isEqualTo(TcbStatus.UP_TO_DATE);
    assertThatThrownBy(
            () -> verify(quoteA(), collateralA().withPckCertificateChain(""), 1_750_400_000L))
        .hasMessage("Certificate chain is too short in quote");
  }

  @Test
  void collateralOfThePlatformBeforeDoesNotFitAnother() {
    ObjectNode json = RealData.collateralJson("tdx_quote_v4_b");
    assertThatThrownBy(() -> verify(quoteA(), Collateral.fromJson(json.toString()), 1_756_798_919L))
        .hasMessage("Fmspc mismatch");
  }
}
