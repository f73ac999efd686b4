package dstack.kms.attest.x509;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.crypto.SignatureVerifier;
import dstack.kms.core.crypto.VerificationKey;
import dstack.kms.core.refusal.RefusalException;
import java.util.List;
import java.util.Optional;

/**
 * Tells a chain that somebody made up from one that the anchor's owner issued, before it is worth a
 * question to a service. No dates, no revocation: it verifies nothing.
 */
public final class ChainSignatures {
  private ChainSignatures() {}

  /** Whether each certificate is signed by the next, and the last or its issuer is the anchor. */
  public static boolean leadTo(
      TrustAnchor anchor, List<Bytes> leafFirst, SignatureVerifier verifier) {
    VerificationKey issuerKey = anchor.key();
    for (Bytes der : leafFirst.reversed()) {
      if (der.equals(anchor.certificate().der())) {
        continue;
      }
      Optional<VerificationKey> key = keyIfSigned(der, issuerKey, verifier);
      if (key.isEmpty()) {
        return false;
      }
      issuerKey = key.get();
    }
    return true;
  }

  private static Optional<VerificationKey> keyIfSigned(
      Bytes der, VerificationKey issuerKey, SignatureVerifier verifier) {
    try {
      UnverifiedCertificate certificate = UnverifiedCertificate.parse(der);
      return certificate.signed().holdsUnder(issuerKey, verifier)
          ? certificate.key()
          : Optional.empty();
    } catch (RefusalException refusal) {
      return Optional.empty();
    }
  }
}
