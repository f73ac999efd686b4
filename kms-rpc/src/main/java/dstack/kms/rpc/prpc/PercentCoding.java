package dstack.kms.rpc.prpc;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Optional;

/** Percent-decoding of URL parts (RFC 3986 §2.1). */
final class PercentCoding {
  private PercentCoding() {}

  /** The decoded text; empty if an escape is malformed or the bytes are no UTF-8. */
  static Optional<String> decode(String encoded) {
    if (encoded.indexOf('%') < 0) {
      return Optional.of(encoded);
    }
    byte[] raw = encoded.getBytes(StandardCharsets.UTF_8);
    ByteArrayOutputStream decoded = new ByteArrayOutputStream(raw.length);
    for (int at = 0; at < raw.length; at++) {
      if (raw[at] != '%') {
        decoded.write(raw[at]);
      } else if (at + 2 < raw.length && isHex(raw[at + 1]) && isHex(raw[at + 2])) {
        decoded.write(
            HexFormat.fromHexDigit(raw[at + 1]) << 4 | HexFormat.fromHexDigit(raw[at + 2]));
        at += 2;
      } else {
        return Optional.empty();
      }
    }
    return utf8(decoded.toByteArray());
  }

  private static boolean isHex(byte digit) {
    return HexFormat.isHexDigit(digit);
  }

  private static Optional<String> utf8(byte[] bytes) {
    try {
      return Optional.of(
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString());
    } catch (CharacterCodingException e) {
      return Optional.empty();
    }
  }
}
