package dstack.kms.attest.x509;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;
import java.io.IOException;
import java.util.Arrays;
import java.util.function.Supplier;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.ASN1Object;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.ASN1Sequence;

/** Reads ASN.1 that is exactly the DER encoding of one value. */
final class StrictDer {
  private StrictDer() {}

  /**
   * The value, if the bytes are at most so many and encode it in no other way than DER does.
   *
   * @throws RefusalException {@link PathRefusal#MALFORMED} with the text {@code BadDer}
   */
  static ASN1Primitive parse(Bytes der, int limit) {
    if (der.isEmpty() || der.length() > limit) {
      throw badDer();
    }
    byte[] encoded = der.toArray();
    try {
      ASN1Primitive value = ASN1Primitive.fromByteArray(encoded);
      if (value == null || !Arrays.equals(value.getEncoded(ASN1Encoding.DER), encoded)) {
        throw badDer();
      }
      return value;
    } catch (IOException | IllegalArgumentException | IllegalStateException e) {
      // Bouncy Castle reports malformed content in all three ways.
      throw badDer(e);
    }
  }

  /**
   * Runs a reader of parsed values. Bouncy Castle decodes texts and numbers only when they are
   * asked for, and then reports malformed ones as programming errors.
   */
  static <T> T read(Supplier<T> reader) {
    try {
      return reader.get();
    } catch (IllegalArgumentException | IllegalStateException | ArithmeticException e) {
      throw badDer(e);
    }
  }

  /** The value of {@link #parse}, which must be a SEQUENCE. */
  static ASN1Sequence parseSequence(Bytes der, int limit) {
    return sequence(parse(der, limit));
  }

  /** The value as a SEQUENCE. */
  static ASN1Sequence sequence(ASN1Encodable value) {
    return as(value, ASN1Sequence.class);
  }

  /** The value as the given ASN.1 type. */
  static <T extends ASN1Object> T as(ASN1Encodable value, Class<T> type) {
    ASN1Primitive primitive = value.toASN1Primitive();
    if (!type.isInstance(primitive)) {
      throw badDer();
    }
    return type.cast(primitive);
  }

  /** The bytes of the first value inside a value that {@link #parse} took. */
  static Bytes firstInside(Bytes der) {
    int start = contentStart(der, 0);
    return der.slice(start, contentStart(der, start) + contentLength(der, start));
  }

  private static int contentStart(Bytes der, int value) {
    int length = der.at(value + 1);
    return value + 2 + (length < 0x80 ? 0 : length & 0x7f);
  }

  private static int contentLength(Bytes der, int value) {
    int first = der.at(value + 1);
    if (first < 0x80) {
      return first;
    }
    int length = 0;
    for (int i = value + 2; i < contentStart(der, value); i++) {
      length = length << 8 | der.at(i);
    }
    return length;
  }

  /** The DER encoding of a part of a parsed value. */
  static Bytes encode(ASN1Encodable value) {
    try {
      return Bytes.of(value.toASN1Primitive().getEncoded(ASN1Encoding.DER));
    } catch (IOException e) {
      throw badDer(e);
    }
  }

  static RefusalException badDer() {
    return new RefusalException(PathRefusal.MALFORMED, "BadDer");
  }

  static RefusalException badDer(Exception cause) {
    return RefusalException.causedBy(PathRefusal.MALFORMED, "BadDer", cause);
  }
}
