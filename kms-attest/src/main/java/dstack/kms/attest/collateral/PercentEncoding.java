package dstack.kms.attest.collateral;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Decodes {@code %XX} in header values; a plus sign stays a plus sign. */
final class PercentEncoding {
  private PercentEncoding() {}

  /** The decoded text; empty if it is no UTF-8. A percent sign without two digits stays. */
  static Optional<String> decode(String text) {
    byte[] encoded = text.getBytes(StandardCharsets.UTF_8);
    ByteArrayOutputStream decoded = new ByteArrayOutputStream(encoded.length);
    for (int i = 0; i < encoded.length; i++) {
      int high = encoded[i] == '%' ? digit(encoded, i + 1) : -1;
      int low = high < 0 ? -1 : digit(encoded, i + 2);
      if (low < 0) {
        decoded.write(encoded[i]);
      } else {
        decoded.write(high << 4 | low);
        i += 2;
      }
    }
    try {
      return Optional.of(
          StandardCharsets.UTF_8
              .newDecoder()
              .decode(ByteBuffer.wrap(decoded.toByteArray()))
              .toString());
    } catch (CharacterCodingException e) {
      return Optional.empty();
    }
  }

  private static int digit(byte[] text, int index) {
    return index < text.length ? Character.digit(text[index], 16) : -1;
  }
}
