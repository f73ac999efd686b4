package dstack.kms.attest.dcap;

import dstack.kms.attest.collateral.Collateral;
import dstack.kms.attest.quote.CertificationData;
import dstack.kms.attest.x509.PathValidator;
import dstack.kms.attest.x509.PckExtension;
import dstack.kms.attest.x509.PemChain;
import dstack.kms.attest.x509.UnverifiedCertificate;
import dstack.kms.attest.x509.ValidityWindow;
import dstack.kms.attest.x509.VerifiedCertificate;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.bytes.Digests;
import dstack.kms.core.crypto.P256PublicKey;
import dstack.kms.core.refusal.RefusalException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;

/** Step 8: the platform's PCK certificate, its path checked and its Intel extension read. */
record VerifiedPck(P256PublicKey key, PckExtension platform, ValidityWindow window) {
  private static final String INTEL_SUBJECT = "Intel SGX PCK Certificate";
  private static final Set<String> INTEL_ISSUERS =
      Set.of("Intel SGX PCK Platform CA", "Intel SGX PCK Processor CA");

  /**
   * The certificates by their SHA-256, with the lists against which they were checked. Whoever
   * shows a quote chooses what stands around and beside them, up to 64 KiB, so that the text itself
   * is no key.
   */
  record Key(Revocation revocation, List<Bytes> digests) {
    static Key of(Revocation revocation, List<Bytes> certificates) {
      return new Key(revocation, certificates.stream().map(Digests::sha256).toList());
    }
  }

  /** The chain of the collateral if it has one, else that of the quote; unverified. */
  static List<Bytes> chain(Collateral collateral, CertificationData certification) {
    if (collateral.pckCertificateChain().isPresent()) {
      return split(collateral.pckCertificateChain().get(), "collateral");
    }
    if (certification.type() != CertificationData.PCK_CHAIN) {
      throw DcapRefusal.PCK_CHAIN.refuseWith(
          "Unsupported DCAP PCK cert format: %d. The collateral must carry the PCK chain.",
          certification.type());
    }
    return split(new String(certification.data().toArray(), StandardCharsets.ISO_8859_1), "quote");
  }

  private static List<Bytes> split(String chain, String origin) {
    try {
      return PemChain.split(chain);
    } catch (RefusalException refusal) {
      throw refusal.within("Failed to extract PCK certificates from " + origin);
    }
  }

  static VerifiedPck check(List<Bytes> certificates, TdxTrustAnchor anchor, PathValidator paths) {
    if (certificates.isEmpty()) {
      throw DcapRefusal.PCK_CHAIN.refuse("Certificate chain is too short in quote");
    }
    VerifiedCertificate leaf = Paths.verify(paths, certificates, "Failed to parse PCK certificate");
    if (anchor.isIntel()) {
      requireNames(leaf.certificate());
    }
    return new VerifiedPck(leaf.p256Key(), PckExtension.of(leaf.certificate()), leaf.window());
  }

  private static void requireNames(UnverifiedCertificate leaf) {
    String subject = leaf.subject().commonName();
    String issuer = leaf.issuer().commonName();
    if (!subject.equals(INTEL_SUBJECT) || !INTEL_ISSUERS.contains(issuer)) {
      throw new RefusalException(
              DcapRefusal.PCK_CHAIN,
              "expected subject " + INTEL_SUBJECT,
              "subject is " + subject + ", issuer is " + issuer)
          .within(Paths.CONTEXT);
    }
  }
}
