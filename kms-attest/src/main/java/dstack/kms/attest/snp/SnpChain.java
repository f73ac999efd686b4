package dstack.kms.attest.snp;

import dstack.kms.attest.issuer.ChainVerifier;
import dstack.kms.attest.issuer.IssuerDocuments;
import dstack.kms.attest.issuer.RevocationRule;
import dstack.kms.attest.issuer.VerifiedChain;
import dstack.kms.attest.snp.report.SnpProduct;
import dstack.kms.attest.snp.report.SnpReport;
import dstack.kms.attest.x509.SignedPath;
import dstack.kms.attest.x509.UnverifiedCertificate;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.crypto.P384PublicKey;
import dstack.kms.core.crypto.SignatureVerifier;
import dstack.kms.core.refusal.RefusalException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * From a report's signature to the root of its processor family. Beside what the original checks:
 * dates, names, CA flags, revocation, and that the certificate is this chip's with these components
 * (specification 16 §9).
 */
final class SnpChain {
  private static final String CONTEXT = "amd cert chain verification failed";

  private final SnpTrustAnchors anchors;
  private final SignatureVerifier verifier;

  /** One for each product for as long as the verifier lives: they remember signatures. */
  private final Map<SnpProduct, ChainVerifier> chains = new EnumMap<>(SnpProduct.class);

  SnpChain(
      SnpTrustAnchors anchors,
      IssuerDocuments documents,
      RevocationRule revocation,
      SignatureVerifier verifier) {
    this.anchors = anchors;
    this.verifier = verifier;
    for (SnpProduct product : SnpProduct.values()) {
      SnpTrustAnchors.Root root = anchors.of(product);
      chains.put(
          product, ChainVerifier.of(root.anchor(), root.rules(), documents, revocation, verifier));
    }
  }

  /** The signing keys that are known without asking anybody and that signed the certificate. */
  List<Bytes> knownAsksOf(SnpProduct product, Bytes vcek) {
    UnverifiedCertificate leaf = CertificateText.parse(vcek, "vcek");
    return anchors.of(product).knownAsks().stream()
        .filter(ask -> leaf.isSignedBy(UnverifiedCertificate.parse(ask), verifier))
        .toList();
  }

  /** The path of one product, if it holds at that instant and is this report's; asks nobody. */
  SignedPath path(SnpProduct product, List<Bytes> asks, Bytes vcek, SnpReport report, Instant now) {
    List<Bytes> others = new ArrayList<>();
    for (Bytes ask : asks) {
      others.add(CertificateText.parse(ask, "ask").der());
    }
    UnverifiedCertificate leaf = CertificateText.parse(vcek, "vcek");
    VcekExtensions.require(leaf, product, report);
    SignedPath path;
    try {
      path = path(product, leaf, others, now);
    } catch (RefusalException e) {
      throw e.within(CONTEXT);
    }
    // Last, so that a certificate tried under a wrong product still fails as in the original.
    VcekExtensions.requireProduct(leaf, product);
    return path;
  }

  private SignedPath path(
      SnpProduct product, UnverifiedCertificate leaf, List<Bytes> others, Instant now) {
    SnpTrustAnchors.Root root = anchors.of(product);
    SignedPath path = of(product).path(leaf, others.stream().distinct().toList(), now);
    if (path.certificates().size() != 2) {
      throw SnpRefusal.CHAIN.because("the VCEK is not issued by an ASK");
    }
    if (!root.external() && !path.certificates().getLast().namesRevocationList()) {
      throw SnpRefusal.CHAIN.because("the ASK names no revocation list");
    }
    return path;
  }

  /** Refuses if a certificate of the path is revoked; asks for lists. */
  VerifiedChain unrevoked(SnpProduct product, SignedPath path, Instant now) {
    try {
      return of(product).unrevoked(path, now);
    } catch (RefusalException e) {
      throw e.within(CONTEXT);
    }
  }

  private ChainVerifier of(SnpProduct product) {
    return Objects.requireNonNull(chains.get(product), "every product has a verifier");
  }

  /** Refuses unless the report is signed with the path's key. */
  void requireSigned(SnpReport report, SignedPath path) {
    boolean holds =
        path.key() instanceof P384PublicKey key
            && verifier.verifiesP384Sha384(key, report.signedBytes(), report.signature());
    if (!holds) {
      throw SnpRefusal.SIGNATURE.because("amd sev-snp report signature verification failed");
    }
  }
}
