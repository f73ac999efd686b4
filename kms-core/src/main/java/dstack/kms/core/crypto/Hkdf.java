package dstack.kms.core.crypto;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.secret.Secret;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** HKDF-SHA-256 (RFC 5869) with the fixed salt {@code RATLS} (specification 03 §2). */
public final class Hkdf {
  /** The longest output in bytes: 255 blocks. */
  public static final int MAX_LENGTH = 255 * HmacSha256.LENGTH;

  private static final byte[] SALT = "RATLS".getBytes(StandardCharsets.US_ASCII);

  private Hkdf() {}

  /**
   * Derives so many bytes from the input key material and the info.
   *
   * @throws IllegalArgumentException if the length is not in 1..8160
   */
  public static Secret derive(Secret inputKeyMaterial, Bytes info, int length) {
    return inputKeyMaterial.expose(raw -> derive(SALT, raw, info, length));
  }

  /** The general form, for the vectors of the RFC. */
  static Secret derive(byte[] salt, byte[] inputKeyMaterial, Bytes info, int length) {
    if (length < 1 || length > MAX_LENGTH) {
      throw new IllegalArgumentException("HKDF output of " + length + " bytes");
    }
    byte[] pseudoRandomKey = extract(salt, inputKeyMaterial);
    try {
      return Secret.takeOver(expand(pseudoRandomKey, info.toArray(), length));
    } finally {
      Arrays.fill(pseudoRandomKey, (byte) 0);
    }
  }

  private static byte[] extract(byte[] salt, byte[] inputKeyMaterial) {
    try (HmacSha256 hmac = new HmacSha256(salt)) {
      hmac.update(inputKeyMaterial);
      return hmac.finish();
    }
  }

  private static byte[] expand(byte[] pseudoRandomKey, byte[] info, int length) {
    byte[] output = new byte[length];
    byte[] block = new byte[0];
    try (HmacSha256 hmac = new HmacSha256(pseudoRandomKey)) {
      int filled = 0;
      for (int counter = 1; filled < length; counter++) {
        hmac.update(block);
        hmac.update(info);
        hmac.update((byte) counter);
        Arrays.fill(block, (byte) 0);
        block = hmac.finish();
        int take = Math.min(block.length, length - filled);
        System.arraycopy(block, 0, output, filled, take);
        filled += take;
      }
    }
    Arrays.fill(block, (byte) 0);
    return output;
  }
}
