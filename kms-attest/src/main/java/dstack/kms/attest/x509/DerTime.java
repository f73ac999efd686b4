package dstack.kms.attest.x509;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1GeneralizedTime;
import org.bouncycastle.asn1.ASN1UTCTime;

/** Reads the two time types in the only form that X.509 allows: to the second, in UTC. */
final class DerTime {
  /** Digits of year, month, day, hour, minute and second, then Z. */
  private static final int LENGTH = 15;

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
    if (text.length() != LENGTH || text.charAt(LENGTH - 1) != 'Z') {
      throw StrictDer.badDer();
    }
    try {
      return LocalDateTime.of(
              number(text, 0, 4),
              number(text, 4, 6),
              number(text, 6, 8),
              number(text, 8, 10),
              number(text, 10, 12),
              number(text, 12, 14))
          .toInstant(ZoneOffset.UTC);
    } catch (DateTimeException e) {
      throw StrictDer.badDer();
    }
  }

  private static int number(String text, int from, int to) {
    int number = 0;
    for (int i = from; i < to; i++) {
      char digit = text.charAt(i);
      if (digit < '0' || digit > '9') {
        throw StrictDer.badDer();
      }
      number = number * 10 + (digit - '0');
    }
    return number;
  }
}
