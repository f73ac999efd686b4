package dstack.kms.client.guest;

import dstack.kms.client.refusal.FetchRefusal;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.crypto.X25519;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.core.secret.Secret;
import java.security.GeneralSecurityException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Variables that somebody encrypted to an application's public key: ephemeral X25519 key (32), IV
 * (12), AES-256-GCM ciphertext with its tag (16). Who encrypted them is not known.
 *
 * @param content all of it
 */
public record EncryptedEnvironment(Bytes content) {
  private static final int IV = X25519.LENGTH;
  private static final int CIPHERTEXT = IV + 12;
  private static final int TAG = 16;

  /**
   * The plain text, {@code {"env":[{"key":…,"value":…}]}} in UTF-8; the caller closes it.
   *
   * @param envCryptKey the application's key, 32 bytes
   * @throws RefusalException with {@link FetchRefusal#ENVIRONMENT} if it was encrypted to another
   *     key or changed since
   */
  public Secret open(Secret envCryptKey) {
    if (content.length() < CIPHERTEXT + TAG) {
      throw closed("it is too short");
    }
    try (Secret shared =
        X25519
            .sharedSecret(envCryptKey, content.slice(0, IV))
            .orElseThrow(() -> closed("its key has no shared secret"))) {
      return shared.expose(this::decrypt);
    }
  }

  private Secret decrypt(byte[] key) {
    try {
      Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
      cipher.init(
          Cipher.DECRYPT_MODE,
          new SecretKeySpec(key, "AES"),
          new GCMParameterSpec(8 * TAG, content.slice(IV, CIPHERTEXT).toArray()));
      return Secret.takeOver(cipher.doFinal(content.slice(CIPHERTEXT, content.length()).toArray()));
    } catch (GeneralSecurityException e) {
      throw closed("it is for another key, or was changed");
    }
  }

  private static RefusalException closed(String why) {
    return FetchRefusal.ENVIRONMENT.because("the encrypted environment does not open: " + why);
  }
}
