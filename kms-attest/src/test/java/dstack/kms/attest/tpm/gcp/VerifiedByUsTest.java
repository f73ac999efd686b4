package dstack.kms.attest.tpm.gcp;

import static org.assertj.core.api.Assertions.assertThat;

import dstack.kms.attest.eventlog.RuntimeEvents;
import dstack.kms.attest.evidence.TpmQuote;
import dstack.kms.attest.gcp.SignatureScheme;
import dstack.kms.attest.gcp.TpmsAttest;
import dstack.kms.attest.gcp.TpmtSignature;
import dstack.kms.attest.tpm.client.RetryRule;
import dstack.kms.attest.tpm.software.ProvisionedTpm;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.bytes.Digests;
import dstack.kms.core.crypto.EcdsaSignature;
import dstack.kms.core.crypto.P256PublicKey;
import dstack.kms.core.crypto.RsaPublicKey;
import dstack.kms.core.crypto.RsaScheme;
import dstack.kms.core.crypto.SignatureVerifier;
import dstack.kms.core.crypto.SignatureVerifiers;
import dstack.kms.testkit.SoftwareTpm;
import dstack.kms.testkit.Vectors;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import org.junit.jupiter.api.Test;

/** Quotes of our client and of the TPM2 tools before the parsers and signatures of the verifier. */
class VerifiedByUsTest {
  private static final Bytes NONCE = Digests.sha256(Bytes.utf8("a TDX quote"));
  private static final SignatureVerifier VERIFIER = SignatureVerifiers.named("auto");

  @Test
  void verifiesTheEccQuoteOfOurClient() {
    TpmQuote quote = ourQuote(true);
    TpmsAttest attest = TpmsAttest.parse(quote.message());
    assertThat(attest.extraData()).isEqualTo(NONCE);
    assertThat(attest.selections().getFirst().indices()).containsExactly(0L, 2L, 14L);
    P256PublicKey key = P256PublicKey.fromSubjectPublicKeyInfo(keyOf(quote)).orElseThrow();
    assertThat(holdsEcc(key, quote.message(), quote.signature())).isTrue();
    assertThat(holdsEcc(key, flipped(quote.message()), quote.signature())).isFalse();
  }

  @Test
  void verifiesTheRsaQuoteOfOurClient() {
    TpmQuote quote = ourQuote(false);
    RsaPublicKey key = RsaPublicKey.fromSubjectPublicKeyInfo(keyOf(quote)).orElseThrow();
    Bytes signature = TpmtSignature.parse(quote.signature(), SignatureScheme.RSASSA).value();
    assertThat(VERIFIER.verifiesRsa(RsaScheme.PKCS1_SHA256, key, quote.message(), signature))
        .isTrue();
    assertThat(
            VERIFIER.verifiesRsa(RsaScheme.PKCS1_SHA256, key, flipped(quote.message()), signature))
        .isFalse();
  }

  @Test
  void verifiesTheQuoteOfTheTools() throws IOException {
    try (SoftwareTpm software = SoftwareTpm.overUnixSocket()) {
      software.tool("tpm2_createek", "-c", "ek.ctx", "-G", "ecc", "-u", "ek.pub");
      software.tool("tpm2_flushcontext", "-t");
      software.tool(
          "tpm2_createak",
          "-C",
          "ek.ctx",
          "-c",
          "ak.ctx",
          "-G",
          "ecc",
          "-g",
          "sha256",
          "-s",
          "ecdsa",
          "-u",
          "ak.der",
          "-f",
          "der",
          "-n",
          "ak.name");
      software.tool("tpm2_flushcontext", "-t");
      software.tool(
          "tpm2_quote",
          "-c",
          "ak.ctx",
          "-l",
          "sha256:0,2,14",
          "-q",
          NONCE.hex(),
          "-m",
          "q.msg",
          "-s",
          "q.sig",
          "-g",
          "sha256");
      Bytes message = file(software, "q.msg");
      P256PublicKey key =
          P256PublicKey.fromSubjectPublicKeyInfo(file(software, "ak.der")).orElseThrow();
      assertThat(TpmsAttest.parse(message).extraData()).isEqualTo(NONCE);
      assertThat(holdsEcc(key, message, file(software, "q.sig"))).isTrue();
      assertThat(holdsEcc(key, flipped(message), file(software, "q.sig"))).isFalse();
    }
  }

  private static TpmQuote ourQuote(boolean ecc) {
    try (SoftwareTpm software = SoftwareTpm.overTcp()) {
      ProvisionedTpm.provision(software, RuntimeEvents.NONE);
      if (!ecc) {
        software.tool("tpm2_nvundefine", "-C", "o", "0x01C10003");
      }
      return new TpmQuoter(
              ProvisionedTpm.connector(software),
              RetryRule.STANDARD,
              new TpmBootLog(Vectors.path("platforms/tpm/tpm_eventlog.bin")))
          .quote(NONCE);
    }
  }

  private static boolean holdsEcc(P256PublicKey key, Bytes message, Bytes signature) {
    Bytes scalars = TpmtSignature.parse(signature, SignatureScheme.ECDSA).value();
    return VERIFIER.verifiesP256Sha256(key, message, new EcdsaSignature(scalars));
  }

  private static Bytes keyOf(TpmQuote quote) {
    try {
      return Bytes.of(
          CertificateFactory.getInstance("X.509")
              .generateCertificate(new ByteArrayInputStream(quote.akCert().toArray()))
              .getPublicKey()
              .getEncoded());
    } catch (CertificateException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Bytes file(SoftwareTpm software, String name) throws IOException {
    return Bytes.of(Files.readAllBytes(software.folder().resolve(name)));
  }

  private static Bytes flipped(Bytes original) {
    byte[] changed = original.toArray();
    changed[20] ^= 1;
    return Bytes.of(changed);
  }
}
