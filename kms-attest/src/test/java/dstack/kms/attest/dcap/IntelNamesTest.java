package dstack.kms.attest.dcap;

import static dstack.kms.attest.dcap.RealData.NOW_A;
import static dstack.kms.attest.dcap.RealData.collateralA;
import static dstack.kms.attest.dcap.RealData.quoteA;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dstack.kms.attest.collateral.Collateral;
import dstack.kms.attest.collateral.CollateralKey;
import dstack.kms.attest.quote.TeeType;
import dstack.kms.attest.x509.PckCa;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalCode;
import dstack.kms.core.refusal.RefusalException;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.node.ObjectNode;

/**
 * What only names keep apart: every chain here is a real one that leads to Intel's root, put in the
 * place of another. Who took the key out of one broken platform (T-04) has a certificate of Intel's
 * and must not be able to say with it how current platforms are.
 */
class IntelNamesTest {
  private static final String CHAIN = "Failed to verify certificate chain: ";
  private static final Bytes FMSPC = Bytes.fromHex("b0c06f000000");

  private static String pckChain() {
    return quoteA().slice(1258, 4936).utf8Text().replace("\0", "");
  }

  private static Collateral with(String member, String chain) {
    ObjectNode json = RealData.collateralJson("tdx_quote_v4_a");
    return Collateral.fromJson(json.put(member, chain).toString());
  }

  private static void refuses(Collateral collateral, RefusalCode code, String text, String detail) {
    CollateralKey key = new CollateralKey(TeeType.TDX, FMSPC, PckCa.PLATFORM);
    refuses(() -> RealData.verifier().verify(quoteA(), collateral, NOW_A), code, text, detail);
    refuses(
        () -> RealData.verifier().collateralCheck().check(collateral, key, NOW_A),
        code,
        text,
        detail);
  }

  private static void refuses(
      ThrowingCallable verification, RefusalCode code, String text, String detail) {
    assertThatThrownBy(verification)
        .isInstanceOfSatisfying(
            RefusalException.class,
            refusal -> {
              assertThat(refusal.code()).isEqualTo(code);
              assertThat(refusal.text()).isEqualTo(text);
              assertThat(refusal.detail()).contains(detail);
            });
  }

  @ParameterizedTest
  @CsvSource({
    "tcb_info_issuer_chain, TCB_INFO_SIGNATURE",
    "qe_identity_issuer_chain, QE_IDENTITY_SIGNATURE"
  })
  void t04_thePlatformsOwnCertificateSignsNoDocumentOfIntels(String member, DcapRefusal code) {
    refuses(
        with(member, pckChain()),
        code,
        CHAIN + "expected subject Intel SGX TCB Signing",
        "subject is Intel SGX PCK Certificate");
  }

  @Test
  void theSignerOfDocumentsIsNoPlatform() {
    Collateral collateral = collateralA();

    refuses(
        () ->
            RealData.verifier()
                .verify(
                    quoteA(),
                    collateral.withPckCertificateChain(collateral.tcbInfoIssuerChain()),
                    NOW_A),
        DcapRefusal.PCK_CHAIN,
        CHAIN + "expected subject Intel SGX PCK Certificate",
        "subject is Intel SGX TCB Signing, issuer is Intel SGX Root CA");
  }

  @Test
  void theListOfOneAuthorityIsNotThatOfTheOther() {
    CollateralKey key = new CollateralKey(TeeType.TDX, FMSPC, PckCa.PROCESSOR);

    refuses(
        () -> RealData.verifier().collateralCheck().check(collateralA(), key, NOW_A),
        DcapRefusal.PCK_CHAIN,
        "Failed to verify PCK CRL issuer chain: expected the processor CA",
        "");
  }

  @Test
  void takesTheSameChainsInTheirPlaces() {
    CollateralKey key = new CollateralKey(TeeType.TDX, FMSPC, PckCa.PLATFORM);

    assertThat(RealData.verifier().collateralCheck().check(collateralA(), key, NOW_A)).isNotNull();
    assertThat(
            RealData.verifier()
                .verify(quoteA(), collateralA().withPckCertificateChain(pckChain()), NOW_A)
                .status())
        .isEqualTo(TcbStatus.UP_TO_DATE);
  }
}
