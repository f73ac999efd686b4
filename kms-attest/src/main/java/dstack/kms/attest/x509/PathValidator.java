package dstack.kms.attest.x509;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.crypto.P256PublicKey;
import dstack.kms.core.crypto.SignatureVerifier;
import dstack.kms.core.refusal.RefusalException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Finds and checks the path from an end-entity certificate to one anchor (specification 11 §7).
 *
 * <p>What does not depend on an issuer (dates, role, purposes) is checked leaf first while the path
 * is built by name; signatures and revocation are checked from the anchor down, so that no list and
 * no key is used before its own signature holds. Stricter than the original: keyCertSign is asked
 * of intermediates, lists must have begun, only P-256 with SHA-256 is taken.
 */
public final class PathValidator {
  /** More certificates than these between leaf and anchor are not tried. */
  private static final int MAX_DEPTH = 3;

  private final TrustAnchor anchor;
  private final RevocationLists lists;
  private final SignatureVerifier verifier;
  private final Instant now;

  /** A validator at one instant against one anchor and one set of revocation lists. */
  public PathValidator(
      TrustAnchor anchor, RevocationLists lists, SignatureVerifier verifier, Instant now) {
    this.anchor = anchor;
    this.lists = lists;
    this.verifier = verifier;
    this.now = now;
  }

  /**
   * Checks the leaf with whatever of the other certificates is needed for a path.
   *
   * @param others DER of certificates in any order; the anchor among them is harmless
   * @throws RefusalException with the reason of the first path that failed
   */
  public VerifiedCertificate verify(UnverifiedCertificate leaf, List<Bytes> others) {
    requireEndEntity(leaf);
    List<UnverifiedCertificate> path = new ArrayList<>(List.of(leaf));
    return new Search(parseAll(others), path).from(leaf);
  }

  /**
   * Checks an authority's certificate that is itself the first of a list.
   *
   * @throws RefusalException with the reason of the first path that failed
   */
  public VerifiedCertificate verifyAuthority(UnverifiedCertificate authority, List<Bytes> others) {
    requireAuthority(authority, 0);
    List<UnverifiedCertificate> path = new ArrayList<>(List.of(authority));
    return new Search(parseAll(others), path).from(authority);
  }

  private List<UnverifiedCertificate> parseAll(List<Bytes> others) {
    Bytes root = anchor.certificate().der();
    return others.stream()
        .filter(der -> !der.equals(root))
        .map(UnverifiedCertificate::parse)
        .toList();
  }

  /** One depth-first search; remembers why the first complete attempt failed. */
  private final class Search {
    private final List<UnverifiedCertificate> candidates;
    private final List<UnverifiedCertificate> path;
    private @Nullable RefusalException firstFailure;

    Search(List<UnverifiedCertificate> candidates, List<UnverifiedCertificate> path) {
      this.candidates = candidates;
      this.path = path;
    }

    VerifiedCertificate from(UnverifiedCertificate leaf) {
      Optional<ValidityWindow> window = extend(leaf);
      if (window.isPresent()) {
        return new VerifiedCertificate(leaf, keyOf(leaf), window.get());
      }
      if (firstFailure != null) {
        throw firstFailure;
      }
      throw new RefusalException(PathRefusal.UNKNOWN_ISSUER, "UnknownIssuer");
    }

    private Optional<ValidityWindow> extend(UnverifiedCertificate last) {
      if (last.issuer().der().equals(anchor.certificate().subject().der())) {
        Optional<ValidityWindow> window = attempt(() -> requireSigned(path));
        if (window.isPresent()) {
          return window;
        }
      }
      for (UnverifiedCertificate candidate : candidates) {
        if (path.size() <= MAX_DEPTH
            && !path.contains(candidate)
            && candidate.subject().der().equals(last.issuer().der())) {
          Optional<ValidityWindow> window = attempt(() -> through(candidate));
          if (window.isPresent()) {
            return window;
          }
        }
      }
      return Optional.empty();
    }

    private Optional<ValidityWindow> attempt(Supplier<Optional<ValidityWindow>> step) {
      try {
        return step.get();
      } catch (RefusalException refusal) {
        if (firstFailure == null) {
          firstFailure = refusal;
        }
        return Optional.empty();
      }
    }

    private Optional<ValidityWindow> through(UnverifiedCertificate authority) {
      requireAuthority(authority, path.stream().filter(below -> below.purposes().isCa()).count());
      path.add(authority);
      Optional<ValidityWindow> window = extend(authority);
      path.removeLast();
      return window;
    }
  }

  private void requireEndEntity(UnverifiedCertificate certificate) {
    requireInForce(certificate);
    if (certificate.purposes().isCa()) {
      throw new RefusalException(PathRefusal.USAGE, "CaUsedAsEndEntity");
    }
    requireServerAuth(certificate);
  }

  private void requireAuthority(UnverifiedCertificate certificate, long authoritiesBelow) {
    requireInForce(certificate);
    KeyPurposes purposes = certificate.purposes();
    if (!purposes.isCa()) {
      throw new RefusalException(PathRefusal.USAGE, "EndEntityUsedAsCa");
    }
    if (purposes.pathLength() >= 0 && authoritiesBelow > purposes.pathLength()) {
      throw new RefusalException(PathRefusal.USAGE, "PathLenConstraintViolated");
    }
    if (!purposes.signsCertificates()) {
      throw new RefusalException(PathRefusal.USAGE, "IssuerNotCertSigner");
    }
    requireServerAuth(certificate);
  }

  private void requireInForce(UnverifiedCertificate certificate) {
    if (now.getEpochSecond() < certificate.validity().from()) {
      throw new RefusalException(PathRefusal.NOT_IN_FORCE, "CertNotValidYet");
    }
    if (!certificate.validity().contains(now)) {
      throw new RefusalException(PathRefusal.NOT_IN_FORCE, "CertExpired");
    }
  }

  private static void requireServerAuth(UnverifiedCertificate certificate) {
    if (!certificate.purposes().allowsServerAuth()) {
      throw new RefusalException(PathRefusal.USAGE, "RequiredEkuNotFound");
    }
  }

  /** From the anchor down: the signature of each certificate, then its revocation. */
  private Optional<ValidityWindow> requireSigned(List<UnverifiedCertificate> path) {
    ValidityWindow window = ValidityWindow.ALWAYS;
    P256PublicKey issuerKey = anchor.key();
    Optional<KeyPurposes> issuer = Optional.empty();
    for (UnverifiedCertificate certificate : path.reversed()) {
      requireSignature(certificate, issuerKey);
      window =
          window
              .and(certificate.validity())
              .and(lists.requireUnrevoked(certificate, issuerKey, issuer, now));
      issuerKey = keyOf(certificate);
      issuer = Optional.of(certificate.purposes());
    }
    return Optional.of(window);
  }

  private void requireSignature(UnverifiedCertificate certificate, P256PublicKey issuerKey) {
    if (!certificate.signed().isEcdsaWithSha256()) {
      throw new RefusalException(PathRefusal.UNSUPPORTED, "UnsupportedSignatureAlgorithm");
    }
    if (!certificate.signed().holdsUnder(issuerKey, verifier)) {
      throw new RefusalException(PathRefusal.SIGNATURE, "InvalidSignatureForPublicKey");
    }
  }

  private static P256PublicKey keyOf(UnverifiedCertificate certificate) {
    return certificate
        .key()
        .orElseThrow(
            () ->
                new RefusalException(
                    PathRefusal.UNSUPPORTED, "UnsupportedSignatureAlgorithmForPublicKey"));
  }
}
