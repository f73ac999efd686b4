package dstack.kms.attest.quote;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;

/**
 * What names a platform to the provisioning service when the quote has no certificate:
 * certification data of type 2 or 3.
 *
 * @param encryptedPpid 256 or 384 bytes
 * @param cpuSvn 16 bytes
 * @param pceSvn two bytes, little-endian
 * @param pceId two bytes
 */
public record EncryptedPpid(Bytes encryptedPpid, Bytes cpuSvn, Bytes pceSvn, Bytes pceId) {
  private static final int TAIL = 20;

  /**
   * Reads certification data of type 2 or 3.
   *
   * @throws RefusalException {@link QuoteRefusal#CERTIFICATION_DATA} for another type or length
   */
  public static EncryptedPpid of(CertificationData certification) {
    int ciphertext = ciphertextLength(certification.type());
    if (certification.data().length() != ciphertext + TAIL) {
      throw new RefusalException(
          QuoteRefusal.CERTIFICATION_DATA, "Invalid encrypted PPID certification data length");
    }
    QuoteReader in = new QuoteReader(certification.data());
    return new EncryptedPpid(in.bytes(ciphertext), in.bytes(16), in.bytes(2), in.bytes(2));
  }

  private static int ciphertextLength(int type) {
    return switch (type) {
      case CertificationData.ENCRYPTED_PPID_2048 -> 256;
      case CertificationData.ENCRYPTED_PPID_3072 -> 384;
      default ->
          throw new RefusalException(
              QuoteRefusal.CERTIFICATION_DATA, "Unsupported certification data type: " + type);
    };
  }
}
