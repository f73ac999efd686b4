package dstack.kms.core.crypto;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.secret.Secret;
import java.util.Optional;
import org.bouncycastle.crypto.AsymmetricCipherKeyPair;
import org.bouncycastle.crypto.InvalidCipherTextException;
import org.bouncycastle.crypto.hpke.HPKE;
import org.bouncycastle.crypto.hpke.HPKEContext;
import org.bouncycastle.crypto.hpke.HPKEContextWithEncapsulation;

/**
 * HPKE (RFC 9180) in base mode with HKDF-SHA256 and AES-256-GCM, single shot: the encapsulated key,
 * then the ciphertext. It hides the content from all but the holder of the key and says nothing
 * about who sealed it.
 */
public final class Hpke {
  private static final int P256_ENCAPSULATED = 65;

  private Hpke() {}

  /**
   * What a sealing is bound to; it opens under the same only.
   *
   * @param info HPKE's info
   * @param data HPKE's additional data
   */
  public record Binding(Bytes info, Bytes data) {}

  /** Seals to a P-256 key. */
  public static Optional<Bytes> toP256(P256PublicKey recipient, Binding binding, Secret content) {
    return seal(suite(HPKE.kem_P256_SHA256), recipient.point(), binding, content);
  }

  /** Seals to an X25519 key of 32 bytes; empty if it has no shared secret with anybody. */
  public static Optional<Bytes> toX25519(Bytes recipient, Binding binding, Secret content) {
    return seal(suite(HPKE.kem_X25519_SHA256), recipient, binding, content);
  }

  /** The content of what was sealed to this P-256 key; empty if it was not, or was changed. */
  public static Optional<Secret> withP256(P256PrivateKey key, Binding binding, Bytes sealed) {
    HPKE suite = suite(HPKE.kem_P256_SHA256);
    Bytes point = key.publicKey().point();
    try (Secret scalar = key.scalar()) {
      return open(suite, pair(suite, scalar, point), P256_ENCAPSULATED, binding, sealed);
    }
  }

  /** The content of what was sealed to this X25519 key; empty if it was not, or was changed. */
  public static Optional<Secret> withX25519(Secret key, Binding binding, Bytes sealed) {
    HPKE suite = suite(HPKE.kem_X25519_SHA256);
    AsymmetricCipherKeyPair pair = pair(suite, key, X25519.publicKey(key));
    return open(suite, pair, X25519.LENGTH, binding, sealed);
  }

  private static HPKE suite(short kem) {
    return new HPKE(HPKE.mode_base, kem, HPKE.kdf_HKDF_SHA256, HPKE.aead_AES_GCM256);
  }

  private static AsymmetricCipherKeyPair pair(HPKE suite, Secret key, Bytes publicKey) {
    return key.expose(raw -> suite.deserializePrivateKey(raw, publicKey.toArray()));
  }

  private static Optional<Bytes> seal(
      HPKE suite, Bytes publicKey, Binding binding, Secret content) {
    try {
      HPKEContextWithEncapsulation context =
          suite.setupBaseS(
              suite.deserializePublicKey(publicKey.toArray()), binding.info().toArray());
      byte[] data = binding.data().toArray();
      Bytes sealed = content.expose(raw -> seal(context, data, raw));
      return Optional.of(Bytes.concat(Bytes.of(context.getEncapsulation()), sealed));
    } catch (IllegalArgumentException | IllegalStateException noSharedSecret) {
      // A point of small order gives none.
      return Optional.empty();
    }
  }

  private static Bytes seal(HPKEContext context, byte[] data, byte[] raw) {
    try {
      return Bytes.of(context.seal(data, raw));
    } catch (InvalidCipherTextException e) {
      throw new AssertionError("encryption failed", e);
    }
  }

  private static Optional<Secret> open(
      HPKE suite, AsymmetricCipherKeyPair pair, int encapsulated, Binding binding, Bytes sealed) {
    if (sealed.length() <= encapsulated) {
      return Optional.empty();
    }
    try {
      HPKEContext context =
          suite.setupBaseR(sealed.slice(0, encapsulated).toArray(), pair, binding.info().toArray());
      byte[] ciphertext = sealed.slice(encapsulated, sealed.length()).toArray();
      return Optional.of(Secret.takeOver(context.open(binding.data().toArray(), ciphertext)));
    } catch (InvalidCipherTextException | IllegalArgumentException | IllegalStateException e) {
      return Optional.empty();
    }
  }
}
