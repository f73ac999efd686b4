package dstack.kms.onboard.certificates;

import dstack.kms.core.certificate.ParsedCertificate;
import java.time.Duration;
import java.time.Instant;

/**
 * When the certificate of a CA is made anew: once it ends within 365 days (specification 04 §3).
 */
final class RenewalWindow {
  private static final Duration LENGTH = Duration.ofDays(365);

  private RenewalWindow() {}

  /** Whether the certificate is still valid in more than 365 days. */
  static boolean isBefore(ParsedCertificate certificate, Instant now) {
    return certificate.notAfter().isAfter(now.plus(LENGTH));
  }
}
