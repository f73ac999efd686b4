package dstack.kms.attest.dcap;

import static dstack.kms.attest.dcap.RealData.NOW_A;
import static org.assertj.core.api.Assertions.assertThat;

import dstack.kms.attest.collateral.Collateral;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** One flipped bit in every byte of real quotes and of their collateral. */
class ByteFlipTest {
  /** The refusal's text up to the first value in it, or {@code ok}. */
  private static String outcome(
      QuoteVerifier verifier, Bytes quote, Collateral collateral, Instant now) {
    try {
      verifier.verify(quote, collateral, now);
      return "ok";
    } catch (RefusalException refusal) {
      return refusal.text();
    }
  }

  private static Map<Integer, String> outcomes(
      Bytes quote, int from, int to, Collateral collateral, Instant now, int mask) {
    QuoteVerifier verifier = RealData.verifier();
    Map<Integer, String> outcomes = new TreeMap<>();
    for (int i = from; i < to; i++) {
      outcomes.put(i, outcome(verifier, RealData.xor(quote, i, mask), collateral, now));
    }
    return outcomes;
  }

  private static Set<String> in(Map<Integer, String> outcomes, int from, int to) {
    Set<String> found = new TreeSet<>();
    for (int i = from; i < to; i++) {
      found.add(outcomes.getOrDefault(i, "none"));
    }
    return found;
  }

  @Test
  void everyByteOfQuoteAIsProtectedUpToThePadding() {
    Bytes quote = RealData.quoteA();
    for (int mask : new int[] {0x01, 0x80}) {
      Map<Integer, String> found = outcomes(quote, 0, 1258, RealData.collateralA(), NOW_A, mask);
      int end = quote.length();
      found.putAll(outcomes(quote, end - 70, end, RealData.collateralA(), NOW_A, mask));

      assertThat(in(found, 12, 28)).containsExactly("Unknown QE vendor ID");
      assertThat(in(found, 28, 632)).containsExactly("ISV enclave report signature is invalid");
      assertThat(in(found, 636, 700)).containsExactly("ISV enclave report signature is invalid");
      assertThat(in(found, 700, 764)).containsExactly("QE report hash mismatch");
      assertThat(in(found, 770, 1218))
          .containsExactly("Signature is invalid for qe_report in quote");
      assertThat(in(found, 1220, 1252)).containsExactly("QE report hash mismatch");
      // A length that reaches into the padding changes nothing that is read; any other does.
      assertThat(in(found, 633, 636)).doesNotContain("ok");
      assertThat(in(found, 764, 766)).doesNotContain("ok");
      assertThat(in(found, 767, 770)).doesNotContain("ok");
      assertThat(in(found, 1218, 1220)).doesNotContain("ok");
      assertThat(in(found, 1252, 1258)).doesNotContain("ok");
      assertThat(in(found, quote.length() - 70, quote.length())).containsExactly("ok");
    }
  }

  @Test
  void changedCertificatesInTheQuoteAreOnlyAcceptedWhereTheyDoNotCount() {
    Bytes quote = RealData.quoteA();
    int end = quote.length() - 70;
    Map<Integer, String> found = outcomes(quote, 1258, end, RealData.collateralA(), NOW_A, 0x01);
    String chain = quote.slice(1258, quote.length() - 70).utf8Text();
    int root = chain.lastIndexOf("-----BEGIN CERTIFICATE-----");
    for (int i = 1258; i < 1258 + root; i++) {
      assertThat(found.get(i)).as("byte %d", i).isNotEqualTo("ok");
    }
  }

  @Test
  void everyByteOfTheOtherRealQuotesIsProtectedLikewise() {
    check(RealData.quote("tdx_quote_v4_b.bin"), "tdx_quote_v4_b", 1_756_798_919L);
    check(RealData.gcpQuote(), "gcp_fmspc_00806F050000_2025-10", 1_762_944_331L);
    check(RealData.dstackQuote(), "fmspc_B0C06F000000_2026-08", 1_789_171_030L);
  }

  private static void check(Bytes quote, String collateral, long now) {
    Map<Integer, String> found =
        outcomes(quote, 0, 1258, RealData.collateral(collateral), Instant.ofEpochSecond(now), 0x10);
    assertThat(in(found, 0, 632)).doesNotContain("ok");
    assertThat(in(found, 636, 766)).doesNotContain("ok");
    assertThat(in(found, 770, 1254)).doesNotContain("ok");
  }

  @Test
  void everyByteOfTheDocumentsAndListsIsProtected() {
    Collateral good = RealData.collateralA();
    QuoteVerifier verifier = RealData.verifier();
    for (int i = 0; i < good.rootCaCrl().length(); i++) {
      Collateral changed = with(good, RealData.xor(good.rootCaCrl(), i, 1), good.pckCrl());
      assertThat(outcome(verifier, RealData.quoteA(), changed, NOW_A)).isNotEqualTo("ok");
    }
    for (int i = 0; i < good.pckCrl().length(); i += 5) {
      Collateral changed = with(good, good.rootCaCrl(), RealData.xor(good.pckCrl(), i, 1));
      assertThat(outcome(verifier, RealData.quoteA(), changed, NOW_A)).isNotEqualTo("ok");
    }
    for (int i = 0; i < good.tcbInfo().length(); i += 7) {
      Collateral changed = withDocuments(good, flipped(good.tcbInfo(), i), good.qeIdentity());
      assertThat(outcome(verifier, RealData.quoteA(), changed, NOW_A)).isNotEqualTo("ok");
    }
    for (int i = 0; i < good.qeIdentity().length(); i++) {
      Collateral changed = withDocuments(good, good.tcbInfo(), flipped(good.qeIdentity(), i));
      assertThat(outcome(verifier, RealData.quoteA(), changed, NOW_A)).isNotEqualTo("ok");
    }
  }

  private static String flipped(String text, int index) {
    return RealData.xor(Bytes.utf8(text), index, 1).utf8Text();
  }

  private static Collateral with(Collateral good, Bytes rootCaCrl, Bytes pckCrl) {
    return new Collateral(
        good.pckCrlIssuerChain(),
        rootCaCrl,
        pckCrl,
        good.tcbInfoIssuerChain(),
        good.tcbInfo(),
        good.tcbInfoSignature(),
        good.qeIdentityIssuerChain(),
        good.qeIdentity(),
        good.qeIdentitySignature(),
        good.pckCertificateChain());
  }

  private static Collateral withDocuments(Collateral good, String tcbInfo, String qeIdentity) {
    return new Collateral(
        good.pckCrlIssuerChain(),
        good.rootCaCrl(),
        good.pckCrl(),
        good.tcbInfoIssuerChain(),
        tcbInfo,
        good.tcbInfoSignature(),
        good.qeIdentityIssuerChain(),
        qeIdentity,
        good.qeIdentitySignature(),
        good.pckCertificateChain());
  }
}
