package dstack.kms.core.crypto;

import dstack.kms.core.bytes.Bytes;
import org.bouncycastle.crypto.digests.KeccakDigest;

/** The Keccak digests with the original padding, which SHA-3 changed. */
public final class Keccak {
  private Keccak() {}

  /** Keccak-256 of the parts one after the other, 32 bytes. */
  public static Bytes keccak256(Bytes... parts) {
    return digest(256, parts);
  }

  /** Keccak-384 of the parts one after the other, 48 bytes. */
  public static Bytes keccak384(Bytes... parts) {
    return digest(384, parts);
  }

  /** Keccak-512 of the parts one after the other, 64 bytes. */
  public static Bytes keccak512(Bytes... parts) {
    return digest(512, parts);
  }

  private static Bytes digest(int bits, Bytes... parts) {
    KeccakDigest digest = new KeccakDigest(bits);
    for (Bytes part : parts) {
      digest.update(part.toArray(), 0, part.length());
    }
    byte[] result = new byte[bits / 8];
    digest.doFinal(result, 0);
    return Bytes.of(result);
  }
}
