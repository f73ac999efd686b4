package dstack.kms.core.derivation;

import dstack.kms.core.bootinfo.AppId;
import dstack.kms.core.bootinfo.InstanceId;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.crypto.Hkdf;
import dstack.kms.core.crypto.P256PrivateKey;
import dstack.kms.core.crypto.RecoverableSignature;
import dstack.kms.core.crypto.Secp256k1PrivateKey;
import dstack.kms.core.crypto.X25519;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.core.secret.Secret;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * Derives an application's keys from the roots, byte for byte like every version of the original.
 *
 * <p>Every result is a function of the roots and the ids. The caller closes what it gets; the roots
 * stay the owner's. About one P-256 derivation in 2^32 gives a scalar out of range and is refused,
 * never reduced.
 */
public final class KeyDerivation {
  private static final int KEY_LENGTH = 32;

  private final RootKeys roots;

  /** Derives from these roots for as long as they are not closed. */
  public KeyDerivation(RootKeys roots) {
    this.roots = roots;
  }

  /** The key of the instance's disk, 32 bytes. */
  public Secret diskCryptKey(AppId app, InstanceId instance) {
    return hashOfDerivedKey(
        new DerivationContext.DiskCryptKey(app, instance), "Failed to derive app disk key");
  }

  /** The X25519 private key of the application's environment, 32 bytes, unclamped. */
  public Secret envCryptKey(AppId app) {
    return hashOfDerivedKey(
        new DerivationContext.EnvCryptKey(app), "Failed to derive env encrypt key");
  }

  /** The X25519 public key that the application's environment is encrypted to, 32 bytes. */
  public Bytes envPublicKey(AppId app) {
    try (Secret key = envCryptKey(app)) {
      return X25519.publicKey(key);
    }
  }

  /** The key of the application's certificate authority. */
  public P256PrivateKey appCaKey(AppId app) {
    // The original words this failure like that of the disk key.
    return derivedKey(new DerivationContext.AppCa(app), "Failed to derive app disk key");
  }

  /** The application's secp256k1 key. */
  public Secp256k1PrivateKey appK256Key(AppId app) {
    Bytes info = new DerivationContext.AppKey(app).info();
    try (Secret root = roots.k256().scalar();
        Secret derived = Hkdf.derive(root, info, KEY_LENGTH)) {
      return Secp256k1PrivateKey.ofScalar(derived);
    } catch (RefusalException e) {
      throw e.within("Failed to derive app ecdsa key");
    }
  }

  /** The root's statement that the application's secp256k1 key is its own. */
  public RecoverableSignature appK256Signature(AppId app) {
    try (IssuedAppKey issued = issuedAppKey(app)) {
      return issued.signature();
    }
  }

  /** The application's secp256k1 key together with the root's statement, derived once. */
  public IssuedAppKey issuedAppKey(AppId app) {
    Secp256k1PrivateKey key = appK256Key(app);
    return new IssuedAppKey(key, sign(SignedStatement.issued(app, key.publicKey())));
  }

  /** The root's statement about {@link #envPublicKey}, without a time. */
  public RecoverableSignature envPublicKeySignature(AppId app) {
    return sign(SignedStatement.envPublicKey(app, envPublicKey(app)));
  }

  /** The root's statement about {@link #envPublicKey} at a time in Unix seconds. */
  public RecoverableSignature envPublicKeySignatureV1(AppId app, long seconds) {
    return sign(SignedStatement.envPublicKeyAt(app, seconds, envPublicKey(app)));
  }

  /** The root's statement that this sealed answer holds the application's keys. */
  public RecoverableSignature sealedKeysSignature(AppId app, SealedAnswer answer) {
    return sign(SignedStatement.sealedKeys(app, answer));
  }

  private RecoverableSignature sign(SignedStatement statement) {
    return roots.k256().signDigest(statement.digest());
  }

  private P256PrivateKey derivedKey(DerivationContext context, String failure) {
    try (Secret root = roots.ca().scalar();
        Secret derived = Hkdf.derive(root, context.info(), KEY_LENGTH)) {
      return P256PrivateKey.ofScalar(derived);
    } catch (RefusalException e) {
      throw e.within("failed to decode derived secret key").within(failure);
    }
  }

  /** SHA-256 over the PKCS#8 form of the derived key, public key and all, not over its scalar. */
  private Secret hashOfDerivedKey(DerivationContext context, String failure) {
    try (P256PrivateKey key = derivedKey(context, failure);
        Secret der = key.pkcs8Der()) {
      return der.expose(KeyDerivation::sha256);
    }
  }

  private static Secret sha256(byte[] content) {
    try {
      return Secret.takeOver(MessageDigest.getInstance("SHA-256").digest(content));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
