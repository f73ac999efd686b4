package dstack.kms.attest.issuer;

import dstack.kms.attest.x509.PathBuilder;
import dstack.kms.attest.x509.PathRefusal;
import dstack.kms.attest.x509.PathRules;
import dstack.kms.attest.x509.RememberedSignatures;
import dstack.kms.attest.x509.RevocationList;
import dstack.kms.attest.x509.SignedPath;
import dstack.kms.attest.x509.TrustAnchor;
import dstack.kms.attest.x509.UnverifiedCertificate;
import dstack.kms.attest.x509.ValidityWindow;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.crypto.SignatureVerifier;
import dstack.kms.core.refusal.RefusalException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Verifies an end entity's chain together with the revocation lists that its certificates name.
 *
 * <p>First the path: dates, roles and signatures, without asking anybody for anything. Only then,
 * for each certificate below the anchor that names a distribution point, its issuer's list: signed
 * by the issuer, in force, not listing the certificate. A certificate that names none needs none
 * (specification 14 §4 step 8, 15 §11.3, 16 §9.2).
 *
 * <p>With completion, issuers' certificates that are not given are sought where the last known
 * certificate says, at most four in a row, each only after the one before was found to be signed by
 * it. That is for a hierarchy whose evidence carries the leaf alone, and means requests to
 * addresses that nobody has vouched for yet: {@link IssuerDocuments} has to bound them.
 *
 * <p>Safe for use by many threads.
 */
public final class ChainVerifier {
  /** More distribution points than these of one certificate are not asked. */
  private static final int MAX_POINTS = 4;

  private final TrustAnchor anchor;
  private final PathRules rules;
  private final IssuerDocuments documents;
  private final RevocationRule revocation;

  /** For keys of which nothing is known. */
  private final SignatureVerifier verifier;

  /** For keys whose certificates were found to be signed below the anchor. */
  private final RememberedSignatures remembered;

  private final boolean completing;

  private ChainVerifier(
      TrustAnchor anchor,
      PathRules rules,
      IssuerDocuments documents,
      RevocationRule revocation,
      SignatureVerifier verifier,
      RememberedSignatures remembered,
      boolean completing) {
    this.anchor = anchor;
    this.rules = rules;
    this.documents = documents;
    this.revocation = revocation;
    this.verifier = verifier;
    this.remembered = remembered;
    this.completing = completing;
  }

  /** A verifier for chains that are given as a whole. */
  public static ChainVerifier of(
      TrustAnchor anchor,
      PathRules rules,
      IssuerDocuments documents,
      RevocationRule revocation,
      SignatureVerifier verifier) {
    return new ChainVerifier(
        anchor, rules, documents, revocation, verifier, new RememberedSignatures(verifier), false);
  }

  /** The same verifier, which also seeks the issuers' certificates that are not given. */
  public ChainVerifier completing() {
    return new ChainVerifier(anchor, rules, documents, revocation, verifier, remembered, true);
  }

  /** The same verifier with other words about missing lists. */
  public ChainVerifier under(RevocationRule other) {
    return new ChainVerifier(anchor, rules, documents, other, verifier, remembered, completing);
  }

  /**
   * Verifies the chain at one instant.
   *
   * @param others DER of certificates in any order; the anchor among them is harmless
   * @throws RefusalException of {@link PathRefusal} with the reason, or of {@link IssuerRefusal} if
   *     a document could not be had
   */
  public VerifiedChain verify(UnverifiedCertificate leaf, List<Bytes> others, Instant now) {
    return unrevoked(path(leaf, others, now), now);
  }

  /**
   * The first half of {@link #verify}: dates, roles and signatures. For whoever can check with the
   * leaf's key that the evidence is worth a question about revocation.
   */
  public SignedPath path(UnverifiedCertificate leaf, List<Bytes> others, Instant now) {
    PathBuilder paths = new PathBuilder(anchor, rules, remembered, now);
    return completing
        ? new PathCompletion(paths, documents, verifier).build(leaf, others)
        : paths.build(leaf, others);
  }

  /**
   * The second half of {@link #verify}, for a path that {@link #path} found at the same instant.
   */
  public VerifiedChain unrevoked(SignedPath path, Instant now) {
    ValidityWindow window = path.window();
    List<String> unchecked = new ArrayList<>();
    for (UnverifiedCertificate certificate : path.certificates().reversed()) {
      if (certificate.namesRevocationList()) {
        Optional<ValidityWindow> answer = requireUnrevoked(path, certificate, now);
        window = window.and(answer.orElse(ValidityWindow.ALWAYS));
        if (answer.isEmpty()) {
          unchecked.add(withoutList(certificate));
        }
      }
    }
    return new VerifiedChain(path, window, unchecked);
  }

  /** Refuses a missing list, or says what was not checked. */
  private String withoutList(UnverifiedCertificate certificate) {
    return switch (revocation) {
      case REQUIRED ->
          throw new RefusalException(PathRefusal.REVOCATION_UNKNOWN, "UnknownRevocationStatus");
      case REPORTED ->
          "Whether the certificate \""
              + certificate.subject().commonName()
              + "\" is revoked was not checked: there is no revocation list of its issuer.";
    };
  }

  /** The window of the answer; empty if there is no list. */
  private Optional<ValidityWindow> requireUnrevoked(
      SignedPath path, UnverifiedCertificate certificate, Instant now) {
    List<String> points = certificate.revocationListUris();
    RefusalException withoutAnswer = null;
    for (String uri : points.subList(0, Math.min(MAX_POINTS, points.size()))) {
      try {
        Optional<RevocationList> list = documents.revocationList(uri, certificate.issuer());
        if (list.isPresent()) {
          ValidityWindow window = path.requireUnrevoked(certificate, list.get(), remembered, now);
          documents.authentic(uri, list.get());
          return Optional.of(window);
        }
      } catch (RefusalException refusal) {
        if (!(refusal.code() instanceof IssuerRefusal)) {
          throw refusal;
        }
        withoutAnswer = withoutAnswer == null ? refusal : withoutAnswer;
      }
    }
    if (withoutAnswer != null) {
      throw withoutAnswer;
    }
    return Optional.empty();
  }
}
