package dstack.kms.core.reportdata;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.bytes.Digests;

/** Exactly 64 bytes that a piece of hardware evidence carries and signs. */
public record ReportData(Bytes value) {
  /** Length in bytes. */
  public static final int LENGTH = 64;

  /** 64 zero bytes: what a KMS attests with when it asks about itself. */
  public static final ReportData ZERO = new ReportData(Bytes.zeros(LENGTH));

  /** The tag that binds evidence to a TLS key. */
  private static final Bytes RA_TLS_TAG = Bytes.utf8("ratls-cert:");

  /**
   * @throws IllegalArgumentException if there are not exactly 64 bytes
   */
  public ReportData {
    if (value.length() != LENGTH) {
      throw new IllegalArgumentException("report data must be 64 bytes, not " + value.length());
    }
  }

  /**
   * The report data that binds evidence to a certificate key: SHA-512 of {@code ratls-cert:} and
   * the subject public key info exactly as it stands in the certificate or request (specification
   * 02 §4).
   */
  public static ReportData ofCertificateKey(Bytes subjectPublicKeyInfo) {
    return new ReportData(Digests.sha512(RA_TLS_TAG, subjectPublicKeyInfo));
  }

  @Override
  public String toString() {
    return value.hex();
  }
}
