package dstack.kms.attest.gcp;

import dstack.kms.attest.x509.UnverifiedCertificate;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.crypto.EcdsaSignature;
import dstack.kms.core.crypto.P256PublicKey;
import dstack.kms.core.crypto.P384PublicKey;
import dstack.kms.core.crypto.RsaPublicKey;
import dstack.kms.core.crypto.RsaScheme;
import dstack.kms.core.crypto.SignatureVerifier;
import dstack.kms.core.crypto.VerificationKey;
import dstack.kms.core.refusal.RefusalException;

/**
 * The certificate of a TPM's attestation key, unverified, and a key in it that TPM quotes can be
 * verified with: P-256, or RSA of 2,048 to 4,096 bits.
 */
record AkCertificate(UnverifiedCertificate certificate, VerificationKey key) {

  /** Reads strict DER; refuses within {@code failed to extract AK public key from certificate}. */
  static AkCertificate parse(Bytes der) {
    try {
      UnverifiedCertificate certificate = UnverifiedCertificate.parse(der);
      return new AkCertificate(
          certificate,
          certificate
              .key()
              .filter(key -> !(key instanceof P384PublicKey))
              .orElseThrow(() -> GcpRefusal.AK_KEY.because("unsupported public key algorithm")));
    } catch (RefusalException e) {
      throw e.within("failed to extract AK public key from certificate");
    }
  }

  /** The scheme that this key signs with. */
  SignatureScheme scheme() {
    return key instanceof RsaPublicKey ? SignatureScheme.RSASSA : SignatureScheme.ECDSA;
  }

  boolean verifies(TpmtSignature signature, Bytes message, SignatureVerifier verifier) {
    return switch (key) {
      case RsaPublicKey rsa ->
          verifier.verifiesRsa(RsaScheme.PKCS1_SHA256, rsa, message, signature.value());
      case P256PublicKey ec ->
          verifier.verifiesP256Sha256(ec, message, new EcdsaSignature(signature.value()));
      case P384PublicKey _ -> false;
    };
  }
}
