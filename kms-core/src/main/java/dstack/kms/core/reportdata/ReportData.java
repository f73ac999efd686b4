package dstack.kms.core.reportdata;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.crypto.Keccak;

/** Exactly 64 bytes that a piece of hardware evidence carries and signs. */
public record ReportData(Bytes value) {
  /** Length in bytes. */
  public static final int LENGTH = 64;

  /** 64 zero bytes: what a KMS attests with when it asks about itself. */
  public static final ReportData ZERO = new ReportData(Bytes.zeros(LENGTH));

  /** The spelling is the original's. */
  private static final String ROOT_KEYS = "dstack-kms-genereted-keys-v1:";

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
    return of(ReportDataTag.RA_TLS_CERT, ReportDataHash.SHA512, subjectPublicKeyInfo);
  }

  /** The hash of {@code tag ':' content}, padded with zeros on the right. */
  public static ReportData of(ReportDataTag tag, ReportDataHash hash, Bytes content) {
    return new ReportData(hash.of(Bytes.concat(tag.prefix(), content)).paddedTo(LENGTH));
  }

  /**
   * The report data that binds evidence to freshly made root keys: Keccak-256, padded with zeros
   * (specification 03 §8).
   */
  public static ReportData ofRootKeys(Bytes caSubjectPublicKeyInfo, Bytes k256Compressed) {
    String content = ROOT_KEYS + caSubjectPublicKeyInfo.hex() + ";" + k256Compressed.hex() + ";";
    return new ReportData(Keccak.keccak256(Bytes.utf8(content)).paddedTo(LENGTH));
  }

  /**
   * The report data that binds evidence to a restore session: SHA-512 of {@code kms-restore:}, its
   * X25519 key (32 bytes) and its id (16 bytes).
   */
  public static ReportData ofRestoreSession(Bytes publicKey, Bytes sessionId) {
    return of(ReportDataTag.KMS_RESTORE, ReportDataHash.SHA512, Bytes.concat(publicKey, sessionId));
  }

  /**
   * The report data that binds evidence to the key that an answer shall be sealed to: SHA-512 of
   * {@code kms-sealed-keys:} and its X25519 key (32 bytes).
   */
  public static ReportData ofSealedKeys(Bytes publicKey) {
    return of(ReportDataTag.KMS_SEALED_KEYS, ReportDataHash.SHA512, publicKey);
  }

  @Override
  public String toString() {
    return value.hex();
  }
}
