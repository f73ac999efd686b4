package dstack.kms.core.derivation;

import static org.assertj.core.api.Assertions.assertThat;

import dstack.kms.core.bootinfo.AppId;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.crypto.KeyVectors;
import dstack.kms.core.secret.Secret;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.bouncycastle.math.ec.rfc7748.X25519;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What clients encrypt to the public key, the released private key opens (specification 03 §4). */
class EnvironmentEncryptionTest {
  private static String open(byte[] privateKey, Bytes blob) {
    byte[] shared = new byte[32];
    X25519.calculateAgreement(privateKey, 0, blob.slice(0, 32).toArray(), 0, shared, 0);
    try {
      Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
      cipher.init(
          Cipher.DECRYPT_MODE,
          new SecretKeySpec(shared, "AES"),
          new GCMParameterSpec(128, blob.slice(32, 44).toArray()));
      return new String(
          cipher.doFinal(blob.slice(44, blob.length()).toArray()), StandardCharsets.UTF_8);
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void opensWhatTheUpstreamClientEncrypted() {
    JsonNode upstream = KeyVectors.document().get("upstream_env_decrypt");
    byte[] key = KeyVectors.bytes(upstream, "env_crypt_key").toArray();
    assertThat(open(key, KeyVectors.bytes(upstream, "ciphertext")))
        .isEqualTo(KeyVectors.text(upstream, "plaintext_utf8"));
  }

  @Test
  void opensWhatAClientEncryptedToTheDerivedPublicKey() {
    JsonNode root = KeyVectors.each("roots").findFirst().orElseThrow();
    JsonNode app = root.get("apps").get(0);
    try (RootKeys roots = KeyDerivationTest.rootKeys(root);
        Secret key =
            new KeyDerivation(roots).envCryptKey(new AppId(KeyVectors.bytes(app, "app_id")))) {
      JsonNode encrypted = app.get("env_encrypt");
      String opened = key.expose(raw -> open(raw, KeyVectors.bytes(encrypted, "blob")));
      assertThat(opened).isEqualTo(KeyVectors.text(encrypted, "plaintext_utf8"));
    }
  }
}
