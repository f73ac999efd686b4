package dstack.kms.core.crypto;

import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import javax.crypto.Mac;
import javax.crypto.SecretKey;

/**
 * HMAC-SHA-256 under one key.
 *
 * <p>The key is lent to the JDK's {@link Mac}, which wipes the copy it takes; closing replaces the
 * padded key inside it.
 */
final class HmacSha256 implements AutoCloseable {
  static final int LENGTH = 32;

  private final Mac mac;

  HmacSha256(byte[] key) {
    try {
      mac = Mac.getInstance("HmacSHA256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has HmacSHA256", e);
    }
    init(key);
  }

  void update(byte[] part) {
    mac.update(part);
  }

  void update(byte part) {
    mac.update(part);
  }

  byte[] finish() {
    return mac.doFinal();
  }

  @Override
  public void close() {
    init(new byte[LENGTH]);
  }

  private void init(byte[] key) {
    try {
      mac.init(new LentKey(key));
    } catch (InvalidKeyException e) {
      throw new IllegalStateException("HMAC takes any key", e);
    }
  }

  /** Unlike the JDK's key specification this keeps no copy of its own. */
  private static final class LentKey implements SecretKey {
    private static final long serialVersionUID = 1L;

    private final transient byte[] key;

    LentKey(byte[] key) {
      this.key = key;
    }

    @Override
    public String getAlgorithm() {
      return "HmacSHA256";
    }

    @Override
    public String getFormat() {
      return "RAW";
    }

    @Override
    public byte[] getEncoded() {
      return key.clone();
    }
  }
}
