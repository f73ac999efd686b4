package dstack.kms.core.bytes;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** The SHA-2 digests of public bytes. */
public final class Digests {
  private Digests() {}

  /** SHA-256 of the parts one after the other, 32 bytes. */
  public static Bytes sha256(Bytes... parts) {
    return digest("SHA-256", parts);
  }

  /** SHA-384 of the parts one after the other, 48 bytes. */
  public static Bytes sha384(Bytes... parts) {
    return digest("SHA-384", parts);
  }

  /** SHA-512 of the parts one after the other, 64 bytes. */
  public static Bytes sha512(Bytes... parts) {
    return digest("SHA-512", parts);
  }

  private static Bytes digest(String algorithm, Bytes... parts) {
    MessageDigest digest;
    try {
      digest = MessageDigest.getInstance(algorithm);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has " + algorithm, e);
    }
    for (Bytes part : parts) {
      part.update(digest);
    }
    return Bytes.of(digest.digest());
  }
}
