package dstack.kms.attest.x509;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

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
  private static final Pattern LINE_BREAKS = Pattern.compile("[\\r\\n\\t ]+");
  private static final Pattern FILLING = Pattern.compile("[\\r\\n\\t \\x00]*");

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
    Matcher filling = FILLING.matcher(text).region(from, to);
    if (!filling.matches()) {
      throw malformed();
    }
  }

  private static Bytes decode(String base64) {
    try {
      return Bytes.of(Base64.getDecoder().decode(LINE_BREAKS.matcher(base64).replaceAll("")));
    } catch (IllegalArgumentException e) {
      throw malformed();
    }
  }

  private static RefusalException malformed() {
    return new RefusalException(PathRefusal.MALFORMED, "Failed to parse certs");
  }
}
