package dstack.kms.core.crypto;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.pem.PemArmor;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.core.secret.Secret;
import java.security.SecureRandom;
import org.jspecify.annotations.Nullable;

/**
 * A P-256 private key, its scalar outside the heap until closed.
 *
 * <p>It signs with the native provider where there is one, else with Bouncy Castle, and checks each
 * signature before handing it out, so that a fault cannot leak the key. Safe for use by several
 * threads.
 */
public final class P256PrivateKey implements AutoCloseable {
  private static final String LABEL = "PRIVATE KEY";

  private final Secret scalar;
  private final P256PublicKey publicKey;
  private final P256Engine engine;
  private final Object lock = new Object();

  @GuardedBy("lock")
  private P256Engine.@Nullable SigningKey signingKey;

  private P256PrivateKey(Secret scalar, P256Engine engine) {
    this.scalar = scalar;
    this.engine = engine;
    publicKey = new P256PublicKey(Bytes.of(EcCurve.P256.publicPoint(scalar).getEncoded(false)));
  }

  /** A fresh key. */
  public static P256PrivateKey generate(SecureRandom random) {
    return new P256PrivateKey(EcCurve.P256.generateScalar(random), SignatureVerifiers.fastest());
  }

  /**
   * The key with a copy of this scalar: 32 bytes, big-endian, 0 &lt; d &lt; n, else refused. A
   * scalar out of range is never reduced (specification 03 §2).
   */
  public static P256PrivateKey ofScalar(Secret scalar) {
    return ofScalar(scalar, SignatureVerifiers.fastest());
  }

  static P256PrivateKey ofScalar(Secret scalar, P256Engine engine) {
    EcCurve.P256.requireScalar(scalar);
    return new P256PrivateKey(scalar.copy(), engine);
  }

  /** The key in a PEM text with label {@code PRIVATE KEY} around the form of 138 bytes. */
  public static P256PrivateKey fromPkcs8Pem(Secret pem) {
    try (Secret der = PemArmor.decodeSecret(LABEL, pem)) {
      return fromPkcs8Der(der);
    }
  }

  /**
   * The key in the PKCS#8 form of 138 bytes, the only one that any version writes. Refuses every
   * other encoding, a scalar out of range and a public key that is not the scalar's.
   */
  public static P256PrivateKey fromPkcs8Der(Secret der) {
    try (Secret scalar = P256Pkcs8.scalarOf(der)) {
      P256PrivateKey key = ofScalar(scalar);
      if (!key.publicKey.point().equals(P256Pkcs8.pointOf(der))) {
        key.close();
        throw new RefusalException(
            CryptoRefusal.PRIVATE_KEY_MISMATCH,
            "the public key beside the private key is not its own");
      }
      return key;
    }
  }

  /** The public key. */
  public P256PublicKey publicKey() {
    return publicKey;
  }

  /** A copy of the scalar, 32 bytes big-endian. */
  public Secret scalar() {
    return scalar.copy();
  }

  /** The PKCS#8 form, exactly 138 bytes. */
  public Secret pkcs8Der() {
    return P256Pkcs8.encode(scalar, publicKey);
  }

  /** The PKCS#8 form as PEM: label {@code PRIVATE KEY}, 64 columns, LF. */
  public Secret pkcs8Pem() {
    try (Secret der = pkcs8Der()) {
      return PemArmor.encodeSecret(LABEL, der);
    }
  }

  /** A signature over the SHA-256 of the message, checked before it is returned. */
  public EcdsaSignature sign(Bytes message) {
    EcdsaSignature signature = signingKey().sign(message);
    if (!engine.verifiesP256Sha256(publicKey, message, signature)) {
      throw new IllegalStateException("a signature just made does not verify");
    }
    return signature;
  }

  @Override
  public void close() {
    synchronized (lock) {
      scalar.close();
      if (signingKey != null) {
        signingKey.close();
        signingKey = null;
      }
    }
  }

  @Override
  public String toString() {
    return "P256PrivateKey[" + publicKey.point() + "]";
  }

  private P256Engine.SigningKey signingKey() {
    synchronized (lock) {
      if (signingKey == null) {
        signingKey = engine.signingKey(scalar);
      }
      return signingKey;
    }
  }
}
