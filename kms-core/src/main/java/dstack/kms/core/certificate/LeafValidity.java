package dstack.kms.core.certificate;

import dstack.kms.core.refusal.RefusalException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * The validity of an application's certificate: as asked, but within that of its CA and not beyond
 * ten years from now (specification 00 §9). Without a wish it is as long as allowed.
 */
record LeafValidity(Instant notBefore, Instant notAfter) {
  static LeafValidity of(LeafRequest request, CertificateAuthority ca, Instant now) {
    Instant latest = earlier(Certificates.defaultNotAfter(now), ca.notAfter());
    Instant earliest = later(Certificates.DEFAULT_NOT_BEFORE, ca.notBefore());
    Instant from = request.notBeforeIfAny().orElse(earliest).truncatedTo(ChronoUnit.SECONDS);
    Instant until = request.notAfterIfAny().orElse(latest).truncatedTo(ChronoUnit.SECONDS);
    if (from.isBefore(ca.notBefore()) || until.isAfter(latest) || until.isBefore(from)) {
      throw new RefusalException(
          CertificateRefusal.VALIDITY,
          "validity must lie within that of the CA and end within ten years");
    }
    return new LeafValidity(from, until);
  }

  private static Instant earlier(Instant one, Instant two) {
    return one.isBefore(two) ? one : two;
  }

  private static Instant later(Instant one, Instant two) {
    return one.isAfter(two) ? one : two;
  }
}
