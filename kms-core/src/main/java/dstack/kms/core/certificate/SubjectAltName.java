package dstack.kms.core.certificate;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;

/** A subject alternative name: an IP address if the text is one, else a DNS name. */
sealed interface SubjectAltName {
  /** The longest DNS name in bytes. */
  int MAX_LENGTH = 253;

  /** A name of 1 to 253 printable ASCII characters without spaces. */
  record DnsName(String name) implements SubjectAltName {}

  /** An address of 4 or 16 bytes. */
  record IpAddress(Bytes address) implements SubjectAltName {}

  /** Refuses a text that is neither an IP address nor printable ASCII of the right length. */
  static SubjectAltName of(String text) {
    return IpLiteral.parse(text)
        .<SubjectAltName>map(IpAddress::new)
        .orElseGet(() -> new DnsName(requireDnsName(text)));
  }

  private static String requireDnsName(String text) {
    boolean printable = text.chars().allMatch(c -> c > 0x20 && c < 0x7f);
    if (text.isEmpty() || text.length() > MAX_LENGTH || !printable) {
      throw new RefusalException(
          CertificateRefusal.SUBJECT_ALT_NAME,
          "subject alternative name must be an IP address or 1 to 253 printable ASCII characters"
              + " without spaces");
    }
    return text;
  }
}
