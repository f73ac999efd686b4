package dstack.kms.core.certificate;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.der.DerReader;
import dstack.kms.core.der.DerTag;
import dstack.kms.core.refusal.RefusalException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.ResolverStyle;
import java.util.Locale;

/**
 * The two times of a certificate, kept as they stand and read only when asked for: certificates of
 * peers are taken whatever their dates look like.
 */
record CertificateValidity(Time first, Time last) {
  private static final DateTimeFormatter FORMAT =
      DateTimeFormatter.ofPattern("uuuuMMddHHmmss'Z'", Locale.ROOT)
          .withResolverStyle(ResolverStyle.STRICT);

  /** A tag, UTCTime or GeneralizedTime, and its text. */
  record Time(int tag, Bytes text) {}

  static CertificateValidity parse(DerReader fields) {
    CertificateValidity validity = new CertificateValidity(time(fields), time(fields));
    fields.expectEnd();
    return validity;
  }

  Instant notBefore() {
    return instant(first);
  }

  Instant notAfter() {
    return instant(last);
  }

  private static Time time(DerReader fields) {
    int tag = fields.nextIs(DerTag.GENERALIZED_TIME) ? DerTag.GENERALIZED_TIME : DerTag.UTC_TIME;
    return new Time(tag, fields.content(tag));
  }

  private static Instant instant(Time time) {
    String text = time.text().utf8Text();
    boolean utcTime = time.tag() == DerTag.UTC_TIME;
    try {
      return LocalDateTime.parse(utcTime ? century(text) + text : text, FORMAT)
          .toInstant(ZoneOffset.UTC);
    } catch (DateTimeException e) {
      throw RefusalException.causedBy(
          CertificateRefusal.CERTIFICATE_MALFORMED, "malformed certificate: invalid time", e);
    }
  }

  /** RFC 5280 §4.1.2.5.1: years 50 to 99 lie in the twentieth century. */
  private static String century(String text) {
    return !text.isEmpty() && text.charAt(0) >= '5' ? "19" : "20";
  }
}
