package dstack.kms.onboard.backup.share;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.crypto.P256PrivateKey;
import dstack.kms.core.crypto.P256PublicKey;
import dstack.kms.core.crypto.X25519;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.core.secret.Secret;
import org.bouncycastle.crypto.AsymmetricCipherKeyPair;
import org.bouncycastle.crypto.InvalidCipherTextException;
import org.bouncycastle.crypto.hpke.HPKE;
import org.bouncycastle.crypto.hpke.HPKEContext;
import org.bouncycastle.crypto.hpke.HPKEContextWithEncapsulation;

/**
 * HPKE (RFC 9180) in base mode with HKDF-SHA256 and AES-256-GCM, single shot: the encapsulated key,
 * then the ciphertext.
 */
final class HpkeSealing {
  private static final int P256_ENCAPSULATED = 65;

  private HpkeSealing() {}

  /** What a sealing is bound to: HPKE's info and additional data. */
  record Binding(Bytes info, Bytes data) {}

  static Bytes toP256(P256PublicKey holder, Binding binding, Secret content) {
    return seal(suite(HPKE.kem_P256_SHA256), holder.point(), binding, content);
  }

  static Bytes toX25519(Bytes session, Binding binding, Secret content) {
    return seal(suite(HPKE.kem_X25519_SHA256), session, binding, content);
  }

  static Secret withP256(P256PrivateKey key, Binding binding, Bytes sealed) {
    HPKE suite = suite(HPKE.kem_P256_SHA256);
    Bytes point = key.publicKey().point();
    try (Secret scalar = key.scalar()) {
      return open(suite, pair(suite, scalar, point), P256_ENCAPSULATED, binding, sealed);
    }
  }

  static Secret withX25519(Secret key, Binding binding, Bytes sealed) {
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

  private static Bytes seal(HPKE suite, Bytes publicKey, Binding binding, Secret content) {
    try {
      HPKEContextWithEncapsulation context =
          suite.setupBaseS(
              suite.deserializePublicKey(publicKey.toArray()), binding.info().toArray());
      byte[] data = binding.data().toArray();
      Bytes sealed = content.expose(raw -> seal(context, data, raw));
      return Bytes.concat(Bytes.of(context.getEncapsulation()), sealed);
    } catch (IllegalArgumentException | IllegalStateException e) {
      // A point of small order gives no shared secret.
      throw RefusalException.causedBy(
          ShareRefusal.HOLDER_KEY, "nothing can be sealed to this key", e);
    }
  }

  private static Bytes seal(HPKEContext context, byte[] data, byte[] raw) {
    try {
      return Bytes.of(context.seal(data, raw));
    } catch (InvalidCipherTextException e) {
      throw new IllegalStateException("encryption failed", e);
    }
  }

  private static Secret open(
      HPKE suite, AsymmetricCipherKeyPair pair, int encapsulated, Binding binding, Bytes sealed) {
    if (sealed.length() <= encapsulated) {
      throw new RefusalException(ShareRefusal.MALFORMED, "the sealed share is too short");
    }
    try {
      HPKEContext context =
          suite.setupBaseR(sealed.slice(0, encapsulated).toArray(), pair, binding.info().toArray());
      return Secret.takeOver(
          context.open(
              binding.data().toArray(), sealed.slice(encapsulated, sealed.length()).toArray()));
    } catch (InvalidCipherTextException | IllegalArgumentException | IllegalStateException e) {
      throw RefusalException.causedBy(
          ShareRefusal.NOT_YOURS, "the share cannot be opened with this key", e);
    }
  }
}
