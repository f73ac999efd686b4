package dstack.kms.core.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.core.secret.Secret;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class X25519Test {
  /** RFC 7748 §6.1, Bob. */
  @Test
  void computesThePublicKeyOfTheRfc() {
    try (Secret key =
        KeyVectors.secret("5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb")) {
      assertThat(X25519.publicKey(key).hex())
          .isEqualTo("de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f");
    }
  }

  @Test
  void clampsInsideTheMultiplicationAndLeavesTheKeyAsItIs() {
    KeyVectors.document()
        .get("roots")
        .valueStream()
        .flatMap(root -> root.get("apps").valueStream())
        .map(app -> app.get("env"))
        .forEach(
            env -> {
              try (Secret unclamped = KeyVectors.secret(env, "env_crypt_key");
                  Secret clamped = KeyVectors.secret(env, "env_crypt_key_clamped_not_on_wire")) {
                String before = KeyVectors.hex(unclamped);
                assertThat(X25519.publicKey(unclamped))
                    .isEqualTo(KeyVectors.bytes(env, "public_key"))
                    .isEqualTo(X25519.publicKey(clamped));
                assertThat(KeyVectors.hex(unclamped)).isEqualTo(before);
              }
            });
  }

  /** RFC 7748 §6.1. */
  @Test
  void sharesTheSecretOfTheRfc() {
    Bytes alice = Bytes.fromHex("8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a");
    try (Secret bob =
            KeyVectors.secret("5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb");
        Secret shared = X25519.sharedSecret(bob, alice).orElseThrow()) {
      assertThat(KeyVectors.hex(shared))
          .isEqualTo("4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742");
      assertThat(X25519.hasSharedSecrets(alice)).isTrue();
      assertThat(X25519.sharedSecret(bob, alice.slice(0, 31))).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 31, 33})
  void refusesPrivateKeyOfAnotherLength(int length) {
    try (Secret key = Secret.takeOver(new byte[length])) {
      assertThatThrownBy(() -> X25519.publicKey(key)).isInstanceOf(RefusalException.class);
    }
  }
}
