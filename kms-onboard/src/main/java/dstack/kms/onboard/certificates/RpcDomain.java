package dstack.kms.onboard.certificates;

import dstack.kms.core.refusal.RefusalException;

/**
 * The name under which clients reach this node: subject and subject alternative name of its
 * certificate.
 */
public record RpcDomain(String text) {
  private static final int MAX_LENGTH = 253;
  private static final int MAX_LABEL = 63;

  /** Refuses a text without anything in it. */
  public RpcDomain {
    if (text.isBlank()) {
      throw new RefusalException(NodeCertificateRefusal.DOMAIN_MISSING, "the RPC domain is empty");
    }
  }

  /**
   * The domain that a caller asks for, checked by the rule of specification 04 §4.1: ASCII, at most
   * 253 bytes, labels of letters, digits and inner hyphens.
   */
  public static RpcDomain requested(String text) {
    if (text.isEmpty() || text.length() > MAX_LENGTH || !isAscii(text)) {
      throw new RefusalException(
          NodeCertificateRefusal.DOMAIN_INVALID,
          "domain must be a non-empty ASCII DNS name of at most 253 bytes");
    }
    for (String label : text.split("\\.", -1)) {
      if (!isLabel(label)) {
        throw new RefusalException(
            NodeCertificateRefusal.DOMAIN_INVALID, "domain contains an invalid DNS label");
      }
    }
    return new RpcDomain(text);
  }

  /**
   * The domain as a file or the configuration keeps it, without the white space around it. It was
   * checked when it was written, by whichever version wrote it, and is not checked again
   * (specification 04 §3.3).
   */
  public static RpcDomain stored(String text) {
    return new RpcDomain(text.strip());
  }

  private static boolean isAscii(String text) {
    return text.chars().allMatch(c -> c < 0x80);
  }

  private static boolean isLabel(String label) {
    return !label.isEmpty()
        && label.length() <= MAX_LABEL
        && !label.startsWith("-")
        && !label.endsWith("-")
        && label.chars().allMatch(RpcDomain::isLetterDigitOrHyphen);
  }

  private static boolean isLetterDigitOrHyphen(int c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
  }

  @Override
  public String toString() {
    return text;
  }
}
