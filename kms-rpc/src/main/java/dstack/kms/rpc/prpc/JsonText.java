package dstack.kms.rpc.prpc;

import com.google.protobuf.ByteString;
import dstack.kms.rpc.http.ReplyBody;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Compact JSON text under construction, escaped as the original's serializer does: the short
 * escapes, four lower-case hex digits for the other control characters, everything else as it is.
 *
 * <p>The text may contain keys, so every array that it outgrows is wiped.
 */
final class JsonText {
  private static final byte[] DIGITS = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

  private static final String UNICODE_ESCAPE = "\\" + "u00";

  private byte[] content = new byte[1024];
  private int length;

  /** Appends ASCII text as it is. */
  JsonText raw(String ascii) {
    for (int i = 0; i < ascii.length(); i++) {
      put(ascii.charAt(i));
    }
    return this;
  }

  /** Appends a string literal. */
  JsonText string(String text) {
    return utf8(ByteString.copyFromUtf8(text));
  }

  /** Appends a string literal of text that is UTF-8 already. */
  JsonText utf8(ByteString text) {
    put('"');
    for (int i = 0; i < text.size(); i++) {
      escaped(text.byteAt(i));
    }
    put('"');
    return this;
  }

  /** Appends a string literal of lower-case hex digits. */
  JsonText hex(ByteString bytes) {
    put('"');
    for (int i = 0; i < bytes.size(); i++) {
      hexDigits(bytes.byteAt(i));
    }
    put('"');
    return this;
  }

  /** The finished text; this object must not be used any more. */
  ReplyBody finish() {
    return ReplyBody.takeOver(content, length);
  }

  private void escaped(byte b) {
    switch (b) {
      case '"' -> raw("\\\"");
      case '\\' -> raw("\\\\");
      case '\b' -> raw("\\b");
      case '\f' -> raw("\\f");
      case '\n' -> raw("\\n");
      case '\r' -> raw("\\r");
      case '\t' -> raw("\\t");
      default -> {
        if (b >= 0 && b < 0x20) {
          raw(UNICODE_ESCAPE);
          hexDigits(b);
        } else {
          put(b);
        }
      }
    }
  }

  private void hexDigits(byte b) {
    put(DIGITS[b >> 4 & 0xf]);
    put(DIGITS[b & 0xf]);
  }

  private void put(int b) {
    if (length == content.length) {
      byte[] outgrown = content;
      content = Arrays.copyOf(outgrown, Math.multiplyExact(outgrown.length, 2));
      Arrays.fill(outgrown, (byte) 0);
    }
    content[length++] = (byte) b;
  }
}
