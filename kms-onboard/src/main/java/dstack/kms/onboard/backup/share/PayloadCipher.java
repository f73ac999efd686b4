package dstack.kms.onboard.backup.share;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.core.secret.Secret;
import org.bouncycastle.crypto.InvalidCipherTextException;
import org.bouncycastle.crypto.engines.AESEngine;
import org.bouncycastle.crypto.modes.GCMBlockCipher;
import org.bouncycastle.crypto.modes.GCMModeCipher;
import org.bouncycastle.crypto.params.AEADParameters;
import org.bouncycastle.crypto.params.KeyParameter;

/** AES-256-GCM under a key that encrypts one payload only, so that its nonce may be zeros. */
final class PayloadCipher {
  private static final int TAG_BITS = 128;
  private static final int NONCE = 12;

  private PayloadCipher() {}

  static Bytes seal(Secret key, Manifest manifest, Secret content) {
    GCMModeCipher cipher = cipher(true, key, manifest);
    return content.expose(
        raw -> {
          try {
            return Bytes.of(run(cipher, raw));
          } catch (InvalidCipherTextException e) {
            throw new IllegalStateException("encryption failed", e);
          }
        });
  }

  /** The content; refused if key, manifest or content are not those it was sealed with. */
  static Secret open(Secret key, Manifest manifest, Bytes sealed) {
    try {
      return Secret.takeOver(run(cipher(false, key, manifest), sealed.toArray()));
    } catch (InvalidCipherTextException e) {
      throw RefusalException.causedBy(
          ShareRefusal.PAYLOAD, "the shares do not open the keys of this manifest", e);
    }
  }

  private static GCMModeCipher cipher(boolean encrypt, Secret key, Manifest manifest) {
    GCMModeCipher cipher = GCMBlockCipher.newInstance(AESEngine.newInstance());
    byte[] data = manifest.encode().toArray();
    KeyParameter parameter = key.expose(KeyParameter::new);
    cipher.init(encrypt, new AEADParameters(parameter, TAG_BITS, new byte[NONCE], data));
    return cipher;
  }

  private static byte[] run(GCMModeCipher cipher, byte[] input) throws InvalidCipherTextException {
    byte[] output = new byte[cipher.getOutputSize(input.length)];
    int done = cipher.processBytes(input, 0, input.length, output, 0);
    int end = done + cipher.doFinal(output, done);
    if (end != output.length) {
      throw new IllegalStateException("GCM gave " + end + " bytes");
    }
    return output;
  }
}
