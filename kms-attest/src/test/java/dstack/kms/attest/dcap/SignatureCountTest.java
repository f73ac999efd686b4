package dstack.kms.attest.dcap;

import static dstack.kms.attest.dcap.RealData.NOW_A;
import static dstack.kms.attest.dcap.RealData.collateral;
import static dstack.kms.attest.dcap.RealData.collateralA;
import static dstack.kms.attest.dcap.RealData.quote;
import static dstack.kms.attest.dcap.RealData.quoteA;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dstack.kms.attest.collateral.CollateralKey;
import dstack.kms.attest.quote.CertificationData;
import dstack.kms.attest.quote.TeeType;
import dstack.kms.attest.quote.UnverifiedQuote;
import dstack.kms.attest.x509.PckCa;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.crypto.EcdsaSignature;
import dstack.kms.core.crypto.EcdsaSignature384;
import dstack.kms.core.crypto.P256PublicKey;
import dstack.kms.core.crypto.P384PublicKey;
import dstack.kms.core.crypto.RsaPublicKey;
import dstack.kms.core.crypto.RsaScheme;
import dstack.kms.core.crypto.SignatureVerifier;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Specification 41 §4: how many signatures a verification checks, cold and warm. */
class SignatureCountTest {
  private final AtomicInteger checks = new AtomicInteger();
  private final QuoteVerifier verifier =
      new QuoteVerifier(TdxTrustAnchor.intel(), new Counting(checks));

  private record Counting(AtomicInteger checks) implements SignatureVerifier {
    @Override
    public String name() {
      return "counting";
    }

    @Override
    public boolean verifiesP256Sha256(P256PublicKey key, Bytes message, EcdsaSignature signature) {
      checks.incrementAndGet();
      return RealData.VERIFIER.verifiesP256Sha256(key, message, signature);
    }

    @Override
    public boolean verifiesP384Sha384(
        P384PublicKey key, Bytes message, EcdsaSignature384 signature) {
      checks.incrementAndGet();
      return RealData.VERIFIER.verifiesP384Sha384(key, message, signature);
    }

    @Override
    public boolean verifiesRsa(RsaScheme scheme, RsaPublicKey key, Bytes message, Bytes signature) {
      checks.incrementAndGet();
      return RealData.VERIFIER.verifiesRsa(scheme, key, message, signature);
    }
  }

  private int checksOf(Runnable verification) {
    checks.set(0);
    verification.run();
    return checks.get();
  }

  @Test
  void checksNineSignaturesCold() {
    assertThat(checksOf(() -> verifier.verify(quoteA(), collateralA(), NOW_A))).isEqualTo(9);
  }

  @Test
  void checksOnlyTheQuoteOnceThePlatformIsKnown() {
    verifier.verify(quoteA(), collateralA(), NOW_A);

    assertThat(checksOf(() -> verifier.verify(quoteA(), collateralA(), NOW_A.plusSeconds(1))))
        .isEqualTo(1);
  }

  @Test
  void checksThreeSignaturesOfANewPlatformWhenTheCollateralIsKnown() {
    CollateralKey key =
        new CollateralKey(TeeType.TDX, Bytes.fromHex("b0c06f000000"), PckCa.PLATFORM);
    verifier.collateralCheck().check(collateralA(), key, NOW_A);

    assertThat(checksOf(() -> verifier.verify(quoteA(), collateralA(), NOW_A))).isEqualTo(3);
  }

  @Test
  void aQuoteOfAnotherKeyOnAKnownPlatformIsCheckedInFull() {
    verifier.verify(quoteA(), collateralA(), NOW_A);
    Bytes foreignReport = RealData.xor(quoteA(), 700, 1);

    assertThatThrownBy(() -> verifier.verify(foreignReport, collateralA(), NOW_A))
        .hasMessage("QE report hash mismatch");
  }

  @Test
  void neverRemembersThatASignatureFailed() {
    Bytes forged = RealData.xor(quoteA(), 770, 1);
    for (int i = 0; i < 2; i++) {
      assertThatThrownBy(() -> verifier.verify(forged, collateralA(), NOW_A))
          .hasMessage("Signature is invalid for qe_report in quote");
    }
    assertThat(verifier.verify(quoteA(), collateralA(), NOW_A).status())
        .isEqualTo(TcbStatus.UP_TO_DATE);
  }

  @Test
  void warmPartsAreNotUsedOutsideTheirWindow() {
    verifier.verify(quoteA(), collateralA(), NOW_A);

    assertThatThrownBy(
            () -> verifier.verify(quoteA(), collateralA(), Instant.ofEpochSecond(1_752_919_235L)))
        .hasMessage("Failed to verify certificate chain: CrlExpired");
    assertThatThrownBy(
            () -> verifier.verify(quoteA(), collateralA(), Instant.ofEpochSecond(1_752_920_164L)))
        .hasMessage("TCBInfo expired");
    assertThatThrownBy(
            () -> verifier.verify(quoteA(), collateralA(), Instant.ofEpochSecond(1_750_328_162L)))
        .hasMessage("TCBInfo issue date is in the future");
  }

  @Test
  void checkingAgainAtALaterTimeCostsNoSignatureOfTheCollateral() {
    verifier.verify(quoteA(), collateralA(), NOW_A);
    int other =
        checksOf(
            () ->
                verifier.verify(
                    quote("tdx_quote_v4_b.bin"),
                    collateral("tdx_quote_v4_b"),
                    Instant.ofEpochSecond(1_756_798_919L)));

    // Root list, signer and PCK CA are the same documents in both: 2 documents, 1 PCK list, 3.
    assertThat(other).isEqualTo(6);
  }

  @Test
  void theSameCertificatesInOtherWhiteSpaceAreTheSamePlatform() {
    CheckedParts parts = new CheckedParts(TdxTrustAnchor.intel(), RealData.VERIFIER);
    Revocation lists = parts.revocation(collateralA(), NOW_A);
    CertificationData certification =
        UnverifiedQuote.parse(quoteA()).signatureData().certification();
    VerifiedPck known = parts.pck(lists, collateralA(), certification, NOW_A);
    String chain = certification.data().utf8Text();
    for (String same :
        List.of(
            chain.replace("\0", ""),
            chain + "\n".repeat(60_000),
            chain.replace("\n-----BEGIN", " \t\r\n-----BEGIN"))) {
      assertThat(parts.pck(lists, collateralA(), ofQuote(same), NOW_A)).isSameAs(known);
      assertThat(
              parts.pck(lists, collateralA().withPckCertificateChain(same), certification, NOW_A))
          .isSameAs(known);
    }
  }

  @Test
  void whatStandsBesideTheCertificatesIsNotRemembered() {
    CheckedParts parts = new CheckedParts(TdxTrustAnchor.intel(), RealData.VERIFIER);
    Revocation lists = parts.revocation(collateralA(), NOW_A);
    String chain =
        UnverifiedQuote.parse(quoteA()).signatureData().certification().data().utf8Text();
    String padded = chain + collateralA().tcbInfoIssuerChain();
    List<Bytes> certificates = VerifiedPck.chain(collateralA(), ofQuote(padded));

    assertThat(parts.pck(lists, collateralA(), ofQuote(padded), NOW_A)).isNotNull();
    assertThat(VerifiedPck.Key.of(lists, certificates).digests())
        .hasSize(5)
        .allSatisfy(digest -> assertThat(digest.length()).isEqualTo(32));
  }

  private static CertificationData ofQuote(String chain) {
    return new CertificationData(CertificationData.PCK_CHAIN, Bytes.utf8(chain));
  }
}
