package dstack.kms.attest.x509;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.crypto.SignatureVerifier;
import dstack.kms.core.refusal.RefusalException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One depth-first search for a path from one certificate to one anchor; remembers why the first
 * complete attempt failed.
 *
 * <p>What does not depend on an issuer (dates, role, purposes) is checked leaf first while the path
 * is built by name; signatures are checked from the anchor down, each followed by a further check
 * of the same certificate, so that no key is used before its own signature holds.
 */
final class PathSearch {
  /** So many complete paths are tried; more have no purpose but to cost time. */
  private static final int MAX_ATTEMPTS = 32;

  private static final int MAX_CANDIDATES = 16;

  private final Settings settings;
  private final LinkCheck linkCheck;
  private final List<UnverifiedCertificate> candidates;
  private final List<UnverifiedCertificate> path = new ArrayList<>();
  private @Nullable RefusalException firstFailure;
  private int attempts;

  /** What a search is made with. */
  record Settings(TrustAnchor anchor, PathRules rules, SignatureVerifier verifier, Instant now) {}

  /** A check of a certificate whose signature by its issuer holds. */
  @FunctionalInterface
  interface LinkCheck {
    /** Whatever the signature alone says: nothing more. */
    LinkCheck NONE = (certificate, issuer) -> ValidityWindow.ALWAYS;

    /** The seconds in which the answer holds. */
    ValidityWindow check(UnverifiedCertificate certificate, Issuer issuer);
  }

  PathSearch(Settings settings, LinkCheck linkCheck, List<Bytes> others) {
    this.settings = settings;
    this.linkCheck = linkCheck;
    this.candidates = parseAll(others, settings.anchor.certificate().der());
  }

  private static List<UnverifiedCertificate> parseAll(List<Bytes> others, Bytes root) {
    if (others.size() > MAX_CANDIDATES) {
      throw new RefusalException(PathRefusal.MALFORMED, "TooManyCertificates");
    }
    return others.stream()
        .filter(der -> !der.equals(root))
        .map(UnverifiedCertificate::parse)
        .toList();
  }

  SignedPath fromEndEntity(UnverifiedCertificate leaf) {
    requireInForce(leaf);
    settings.rules.requireEndEntity(leaf);
    return from(leaf);
  }

  SignedPath fromAuthority(UnverifiedCertificate authority) {
    requireInForce(authority);
    settings.rules.requireAuthority(authority, 0);
    return from(authority);
  }

  private SignedPath from(UnverifiedCertificate leaf) {
    path.add(leaf);
    Optional<SignedPath> found = extend(leaf);
    if (found.isPresent()) {
      return found.get();
    }
    if (firstFailure != null) {
      throw firstFailure;
    }
    throw new RefusalException(PathRefusal.UNKNOWN_ISSUER, "UnknownIssuer");
  }

  private Optional<SignedPath> extend(UnverifiedCertificate last) {
    Bytes issuer = last.issuer().der();
    if (issuer.equals(settings.anchor.certificate().subject().der())) {
      Optional<SignedPath> found = attempt(() -> Optional.of(requireSigned()));
      if (found.isPresent()) {
        return found;
      }
    }
    for (UnverifiedCertificate candidate : candidates) {
      if (path.size() <= settings.rules.maxAuthorities()
          && !path.contains(candidate)
          && candidate.subject().der().equals(issuer)) {
        Optional<SignedPath> found = attempt(() -> through(candidate));
        if (found.isPresent()) {
          return found;
        }
      }
    }
    return Optional.empty();
  }

  private Optional<SignedPath> attempt(Supplier<Optional<SignedPath>> step) {
    try {
      return step.get();
    } catch (RefusalException refusal) {
      if (firstFailure == null) {
        firstFailure = refusal;
      }
      return Optional.empty();
    }
  }

  private Optional<SignedPath> through(UnverifiedCertificate authority) {
    requireInForce(authority);
    settings.rules.requireAuthority(
        authority, path.stream().filter(UnverifiedCertificate::isCa).count());
    path.add(authority);
    Optional<SignedPath> found = extend(authority);
    path.removeLast();
    return found;
  }

  private void requireInForce(UnverifiedCertificate certificate) {
    if (settings.now.getEpochSecond() < certificate.validity().from()) {
      throw new RefusalException(PathRefusal.NOT_IN_FORCE, "CertNotValidYet");
    }
    if (!certificate.validity().contains(settings.now)) {
      throw new RefusalException(PathRefusal.NOT_IN_FORCE, "CertExpired");
    }
  }

  /** From the anchor down: the signature of each certificate, then what else is asked of it. */
  private SignedPath requireSigned() {
    if (++attempts > MAX_ATTEMPTS) {
      throw new RefusalException(PathRefusal.UNKNOWN_ISSUER, "MaximumSignatureChecksExceeded");
    }
    ValidityWindow window = ValidityWindow.ALWAYS;
    Issuer issuer = Issuer.of(settings.anchor);
    List<SignedPath.Link> links = new ArrayList<>();
    for (UnverifiedCertificate certificate : path.reversed()) {
      requireSignature(certificate, issuer);
      window = window.and(certificate.validity()).and(linkCheck.check(certificate, issuer));
      links.add(new SignedPath.Link(certificate, issuer));
      issuer = Issuer.of(certificate);
    }
    return new SignedPath(links.reversed(), window);
  }

  private void requireSignature(UnverifiedCertificate certificate, Issuer issuer) {
    if (certificate
        .signed()
        .namedAlgorithm()
        .filter(settings.rules.algorithms()::contains)
        .filter(algorithm -> algorithm.goesWith(issuer.key()))
        .isEmpty()) {
      throw new RefusalException(PathRefusal.UNSUPPORTED, "UnsupportedSignatureAlgorithm");
    }
    if (!certificate.signed().holdsUnder(issuer.key(), settings.verifier)) {
      throw new RefusalException(PathRefusal.SIGNATURE, "InvalidSignatureForPublicKey");
    }
  }
}
