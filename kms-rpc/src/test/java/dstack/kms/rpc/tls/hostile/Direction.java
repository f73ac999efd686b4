package dstack.kms.rpc.tls.hostile;

import java.util.Optional;
import org.bouncycastle.crypto.InvalidCipherTextException;
import org.bouncycastle.crypto.engines.AESEngine;
import org.bouncycastle.crypto.modes.GCMBlockCipher;
import org.bouncycastle.crypto.modes.GCMModeCipher;
import org.bouncycastle.crypto.params.AEADParameters;
import org.bouncycastle.crypto.params.KeyParameter;

/** AES-128-GCM in one direction, as TLS 1.3 or TLS 1.2 uses it. */
final class Direction {
  private static final int TAG = 16;

  private final byte[] key;
  private final byte[] iv;
  private final boolean modern;
  private long sequence;

  private Direction(byte[] key, byte[] iv, boolean modern) {
    this.key = key;
    this.iv = iv;
    this.modern = modern;
  }

  /** The keys of a TLS 1.3 traffic secret. */
  static Direction modern(byte[] secret) {
    return new Direction(
        Kdf.expandLabel(secret, "key", Wire.NOTHING, 16),
        Kdf.expandLabel(secret, "iv", Wire.NOTHING, 12),
        true);
  }

  /** Key and salt of TLS 1.2. */
  static Direction old(byte[] key, byte[] salt) {
    return new Direction(key, salt, false);
  }

  /** A record of TLS 1.3 whose inner type and padding are the caller's. */
  byte[] seal(byte[] inner) {
    byte[] header = Wire.concat(Wire.bytes(23, 3, 3), Wire.number(inner.length + TAG, 2));
    byte[] sealed = crypt(true, nonce(sequence++), header, inner).orElseThrow();
    return Wire.concat(header, sealed);
  }

  /** A record of that type, under whichever version these keys are for. */
  byte[] seal(int type, byte[] content) {
    if (modern) {
      return seal(Wire.concat(content, Wire.bytes(type)));
    }
    byte[] explicit = Wire.number(sequence, 8);
    byte[] sealed =
        crypt(true, Wire.concat(iv, explicit), associated(type, content.length), content)
            .orElseThrow();
    sequence++;
    return Wire.record(type, 0x0303, Wire.concat(explicit, sealed));
  }

  /** Type and content of a record; empty if it is not under these keys. */
  Optional<Opened> open(int type, byte[] content) {
    Optional<byte[]> plain = modern ? openModern(content) : openOld(type, content);
    plain.ifPresent(_ -> sequence++);
    return plain.map(inner -> modern ? Opened.unpadded(inner) : new Opened(type, inner));
  }

  private Optional<byte[]> openModern(byte[] content) {
    byte[] header = Wire.concat(Wire.bytes(23, 3, 3), Wire.number(content.length, 2));
    return crypt(false, nonce(sequence), header, content);
  }

  private Optional<byte[]> openOld(int type, byte[] content) {
    if (content.length < 8 + TAG) {
      return Optional.empty();
    }
    byte[] nonce = Wire.concat(iv, Wire.slice(content, 0, 8));
    byte[] sealed = Wire.slice(content, 8, content.length);
    return crypt(false, nonce, associated(type, sealed.length - TAG), sealed);
  }

  private byte[] associated(int type, int length) {
    return Wire.concat(Wire.number(sequence, 8), Wire.bytes(type, 3, 3), Wire.number(length, 2));
  }

  private byte[] nonce(long number) {
    byte[] nonce = iv.clone();
    byte[] counter = Wire.number(number, 8);
    for (int i = 0; i < 8; i++) {
      nonce[4 + i] ^= counter[i];
    }
    return nonce;
  }

  private Optional<byte[]> crypt(boolean encrypt, byte[] nonce, byte[] header, byte[] content) {
    GCMModeCipher cipher = GCMBlockCipher.newInstance(AESEngine.newInstance());
    cipher.init(encrypt, new AEADParameters(new KeyParameter(key), TAG * 8, nonce, header));
    byte[] result = new byte[cipher.getOutputSize(content.length)];
    try {
      int length = cipher.processBytes(content, 0, content.length, result, 0);
      length += cipher.doFinal(result, length);
      return Optional.of(Wire.slice(result, 0, length));
    } catch (InvalidCipherTextException e) {
      return Optional.empty();
    }
  }
}
