package dstack.kms.rpc.tls;

import dstack.kms.attest.evidence.CertificateEvidence;
import dstack.kms.attest.evidence.UnverifiedAttestation;
import dstack.kms.attest.verify.AttestationVerifier;
import dstack.kms.attest.verify.VerifiedAttestation;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.certificate.CertificateExtension;
import dstack.kms.core.certificate.ParsedCertificate;
import dstack.kms.core.refusal.RefusalException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/**
 * What a client certificate is worth (specification 00 §9, 01 §5).
 *
 * <p>Only this counts: it parses, it has no unknown critical extension, and its evidence verifies
 * and is bound to its key, which the handshake proved. Issuer, dates, usages, signature and every
 * other extension say nothing about who the client is.
 */
public final class EvidenceRules {
  /** How far the clocks of client and server may differ. */
  private static final Duration CLOCKS = Duration.ofMinutes(5);

  private final AttestationVerifier verifier;
  private final Optional<Duration> maxAge;
  private final InstantSource clock;

  /**
   * @param verifier of the evidence
   * @param maxAge how long ago a certificate may have been issued; empty for no bound
   * @param clock tells how old a certificate and a result is
   */
  public EvidenceRules(
      AttestationVerifier verifier, Optional<Duration> maxAge, InstantSource clock) {
    this.verifier = verifier;
    this.maxAge = maxAge;
    this.clock = clock;
  }

  InstantSource clock() {
    return clock;
  }

  /**
   * Judges the certificate; blocks while collateral is fetched.
   *
   * @return the verified evidence; empty if the certificate carries none, cannot be read at all, or
   *     is of a version that has no extensions
   * @throws RefusalException if there is evidence that does not hold
   */
  Optional<VerifiedAttestation> judge(Bytes der) {
    Optional<ParsedCertificate> readable = read(der);
    if (readable.isEmpty()) {
      return Optional.empty();
    }
    ParsedCertificate certificate = readable.get();
    requireNothingUnknown(certificate);
    Optional<UnverifiedAttestation> evidence =
        CertificateEvidence.of(
            oid -> certificate.extensions(oid).stream().map(CertificateExtension::value).toList());
    if (evidence.isEmpty()) {
      return Optional.empty();
    }
    requireYoung(certificate);
    return Optional.of(verify(evidence.get(), certificate.spki()));
  }

  /** What cannot be read counts as no certificate, as in the original (01 §5). */
  private static Optional<ParsedCertificate> read(Bytes der) {
    try {
      ParsedCertificate certificate = ParsedCertificate.parse(der);
      return certificate.version() == 3 ? Optional.of(certificate) : Optional.empty();
    } catch (RefusalException unreadable) {
      return Optional.empty();
    }
  }

  private static void requireNothingUnknown(ParsedCertificate certificate) {
    List<String> unknown = certificate.unknownCritical();
    if (!unknown.isEmpty()) {
      throw new RefusalException(
          ClientEvidenceRefusal.UNKNOWN_CRITICAL_EXTENSION,
          "client certificate has an unknown critical extension",
          String.join(" ", unknown));
    }
  }

  /** A date that is still to come would make a certificate young for as long as anybody likes. */
  private void requireYoung(ParsedCertificate certificate) {
    if (maxAge.isEmpty()) {
      return;
    }
    Instant now = clock.instant();
    if (certificate.notBefore().isBefore(now.minus(maxAge.get()))) {
      throw new RefusalException(
          ClientEvidenceRefusal.TOO_OLD, "client certificate was issued too long ago");
    }
    if (certificate.notBefore().isAfter(now.plus(CLOCKS))) {
      throw new RefusalException(
          ClientEvidenceRefusal.TOO_OLD,
          "client certificate says that it was issued in the future, so its age is not known");
    }
  }

  private VerifiedAttestation verify(UnverifiedAttestation evidence, Bytes spki) {
    try {
      return verifier.verifyBoundTo(evidence, spki);
    } catch (RefusalException e) {
      throw e.within("invalid quote");
    }
  }
}
