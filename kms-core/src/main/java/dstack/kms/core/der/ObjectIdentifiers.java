package dstack.kms.core.der;

import dstack.kms.core.bytes.Bytes;

/** Decodes the content of OBJECT IDENTIFIERs. */
final class ObjectIdentifiers {
  private static final int MAX_LENGTH = 64;
  private static final long MAX_ARC = Long.MAX_VALUE >>> 7;

  private ObjectIdentifiers() {}

  /** The dotted form; arcs above 2^56 and contents above 64 bytes are refused. */
  static String dotted(Bytes content) {
    if (content.isEmpty()
        || content.length() > MAX_LENGTH
        || content.at(content.length() - 1) >= 0x80) {
      throw DerReader.badValue("invalid OBJECT IDENTIFIER");
    }
    StringBuilder text = new StringBuilder();
    long arc = 0;
    boolean fresh = true;
    for (int i = 0; i < content.length(); i++) {
      int octet = content.at(i);
      if ((fresh && octet == 0x80) || arc > MAX_ARC) {
        throw DerReader.badValue("invalid OBJECT IDENTIFIER");
      }
      arc = arc << 7 | (octet & 0x7f);
      fresh = octet < 0x80;
      if (fresh) {
        append(text, arc);
        arc = 0;
      }
    }
    return text.toString();
  }

  private static void append(StringBuilder text, long arc) {
    if (text.isEmpty()) {
      long top = Math.min(arc / 40, 2);
      text.append(top).append('.').append(arc - 40 * top);
    } else {
      text.append('.').append(arc);
    }
  }
}
