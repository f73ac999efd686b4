package dstack.kms.attest.quote;

import dstack.kms.core.bytes.Bytes;

/**
 * How a quote names or carries the certificate of its platform (specification 11 §3).
 *
 * @param type 1 to 7 are defined; other values parse
 * @param data at most 1 MiB
 */
public record CertificationData(int type, Bytes data) {
  /** The platform's PPID in the clear. */
  public static final int PLAIN_PPID = 1;

  /** The platform's PPID encrypted with RSA-2048-OAEP, see {@link EncryptedPpid}. */
  public static final int ENCRYPTED_PPID_2048 = 2;

  /** The platform's PPID encrypted with RSA-3072-OAEP, see {@link EncryptedPpid}. */
  public static final int ENCRYPTED_PPID_3072 = 3;

  /** The PCK leaf certificate alone. */
  public static final int PCK_LEAF = 4;

  /** The PCK chain as PEM: leaf, PCK CA, root; often with a NUL byte at its end. */
  public static final int PCK_CHAIN = 5;

  /** The report of the quoting enclave with certification data of its own inside. */
  public static final int QE_REPORT = 6;

  /** The platform's registration manifest. */
  public static final int PLATFORM_MANIFEST = 7;

  static CertificationData read(QuoteReader in) {
    return new CertificationData(in.u16(), in.dataOfU32());
  }
}
