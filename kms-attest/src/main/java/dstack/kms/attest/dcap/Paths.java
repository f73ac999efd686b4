package dstack.kms.attest.dcap;

import dstack.kms.attest.x509.PathValidator;
import dstack.kms.attest.x509.UnverifiedCertificate;
import dstack.kms.attest.x509.VerifiedCertificate;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;
import java.util.List;

/** Runs the path validation over a list of certificates, leaf first, with the contexts of §6. */
final class Paths {
  static final String CONTEXT = "Failed to verify certificate chain";

  private Paths() {}

  static VerifiedCertificate verify(
      PathValidator paths, List<Bytes> certificates, String leafContext) {
    UnverifiedCertificate leaf;
    try {
      leaf = UnverifiedCertificate.parse(certificates.getFirst());
    } catch (RefusalException refusal) {
      throw refusal.within(leafContext);
    }
    try {
      VerifiedCertificate verified =
          paths.verify(leaf, certificates.subList(1, certificates.size()));
      // Everything that is signed with these certificates' keys is signed on P-256.
      var _ = verified.p256Key();
      return verified;
    } catch (RefusalException refusal) {
      throw refusal.within(CONTEXT);
    }
  }
}
