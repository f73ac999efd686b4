package dstack.kms.attest.x509;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1GeneralizedTime;
import org.bouncycastle.asn1.ASN1UTCTime;

/** Reads the two time types in the only form that X.509 allows: to the second, in UTC. */
final class DerTime {
  private static final Pattern SHAPE =
      Pattern.compile("(\\d{4})(\\d{2})(\\d{2})(\\d{2})(\\d{2})(\\d{2})Z");

  private DerTime() {}

  static Instant read(ASN1Encodable value) {
    return switch (value.toASN1Primitive()) {
      case ASN1UTCTime time -> parse(century(time.getTime()) + shortForm(time.getTime()));
      case ASN1GeneralizedTime time -> parse(time.getTimeString());
      default -> throw StrictDer.badDer();
    };
  }

  /** Bouncy Castle writes the offset as GMT+00:00; the field itself must have ended in Z. */
  private static String shortForm(String time) {
    return time.endsWith("GMT+00:00") ? time.substring(0, time.length() - 9) + "Z" : time;
  }

  private static String century(String time) {
    return !time.isEmpty() && time.charAt(0) >= '5' ? "19" : "20";
  }

  private static Instant parse(String text) {
    Matcher parts = SHAPE.matcher(text);
    if (!parts.matches()) {
      throw StrictDer.badDer();
    }
    try {
      return LocalDateTime.of(
              Integer.parseInt(parts.group(1)),
              Integer.parseInt(parts.group(2)),
              Integer.parseInt(parts.group(3)),
              Integer.parseInt(parts.group(4)),
              Integer.parseInt(parts.group(5)),
              Integer.parseInt(parts.group(6)))
          .toInstant(ZoneOffset.UTC);
    } catch (DateTimeException e) {
      throw StrictDer.badDer();
    }
  }
}
