package dstack.kms.attest.x509;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

/**
 * Splits text into the certificates that it holds as PEM blocks.
 *
 * <p>Between the blocks only white space and NUL bytes are allowed: chains in quotes end with a NUL
 * byte. Text without any block is an empty list.
 */
public final class PemChain {
  /** Text longer than this is refused. */
  public static final int MAX_LENGTH = 64 << 10;

  private static final int MAX_CERTIFICATES = 8;
  private static final String BEGIN = "-----BEGIN CERTIFICATE-----";
  private static final String END = "-----END CERTIFICATE-----";

  private PemChain() {}

  /**
   * The DER of each certificate in its order.
   *
   * @throws RefusalException {@link PathRefusal#MALFORMED} with the text {@code Failed to parse
   *     certs}
   */
  public static List<Bytes> split(String text) {
    if (text.length() > MAX_LENGTH) {
      throw malformed();
    }
    List<Bytes> certificates = new ArrayList<>();
    int position = 0;
    for (int begin = text.indexOf(BEGIN); begin >= 0; begin = text.indexOf(BEGIN, position)) {
      int end = text.indexOf(END, begin);
      if (end < 0 || certificates.size() == MAX_CERTIFICATES) {
        throw malformed();
      }
      requireFilling(text, position, begin);
      certificates.add(decode(text.substring(begin + BEGIN.length(), end)));
      position = end + END.length();
    }
    if (!certificates.isEmpty() || text.contains("-----")) {
      requireFilling(text, position, text.length());
    }
    return List.copyOf(certificates);
  }

  private static void requireFilling(String text, int from, int to) {
    for (int i = from; i < to; i++) {
      if (!isWhiteSpace(text.charAt(i)) && text.charAt(i) != 0) {
        throw malformed();
      }
    }
  }

  private static boolean isWhiteSpace(char c) {
    return c == '\n' || c == '\r' || c == ' ' || c == '\t';
  }

  private static Bytes decode(String base64) {
    byte[] digits = new byte[base64.length()];
    int count = 0;
    for (int i = 0; i < base64.length(); i++) {
      char c = base64.charAt(i);
      if (!isWhiteSpace(c)) {
        // What is no ASCII becomes no digit of base64 either.
        digits[count++] = (byte) (c < 0x80 ? c : '?');
      }
    }
    try {
      return Bytes.of(Base64.getDecoder().decode(Arrays.copyOf(digits, count)));
    } catch (IllegalArgumentException e) {
      throw malformed();
    }
  }

  private static RefusalException malformed() {
    return new RefusalException(PathRefusal.MALFORMED, "Failed to parse certs");
  }
}
