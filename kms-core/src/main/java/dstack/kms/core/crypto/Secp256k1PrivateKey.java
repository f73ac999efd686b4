package dstack.kms.core.crypto;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.secret.Secret;
import java.math.BigInteger;
import java.security.SecureRandom;
import java.util.Optional;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.signers.HMacDSAKCalculator;
import org.bouncycastle.math.ec.ECPoint;
import org.bouncycastle.util.BigIntegers;

/**
 * A secp256k1 private key, its scalar outside the heap until closed.
 *
 * <p>Signatures are deterministic (RFC 6979 with HMAC-SHA-256), have a low s and name their signer
 * (specification 03 §5). Each is checked by recovering the signer before it is handed out.
 */
public final class Secp256k1PrivateKey implements AutoCloseable {
  private final Secret scalar;
  private final Secp256k1PublicKey publicKey;

  private Secp256k1PrivateKey(Secret scalar) {
    this.scalar = scalar;
    publicKey = Secp256k1PublicKey.of(EcCurve.SECP256K1.publicPoint(scalar));
  }

  /** A fresh key. */
  public static Secp256k1PrivateKey generate(SecureRandom random) {
    return new Secp256k1PrivateKey(EcCurve.SECP256K1.generateScalar(random));
  }

  /** The key with a copy of this scalar: 32 bytes, big-endian, 0 &lt; d &lt; n, else refused. */
  public static Secp256k1PrivateKey ofScalar(Secret scalar) {
    EcCurve.SECP256K1.requireScalar(scalar);
    return new Secp256k1PrivateKey(scalar.copy());
  }

  /** The public key. */
  public Secp256k1PublicKey publicKey() {
    return publicKey;
  }

  /** A copy of the scalar, 32 bytes big-endian. */
  public Secret scalar() {
    return scalar.copy();
  }

  /** The signature over a digest of 32 bytes. */
  public RecoverableSignature signDigest(Bytes digest) {
    if (digest.length() != 32) {
      throw new IllegalArgumentException("a digest has 32 bytes, not " + digest.length());
    }
    RecoverableSignature signature =
        scalar.expose(raw -> sign(new BigInteger(1, raw), digest.toArray()));
    if (!signature.signerOf(digest).equals(Optional.of(publicKey))) {
      throw new IllegalStateException("a signature just made does not name its signer");
    }
    return signature;
  }

  @Override
  public void close() {
    scalar.close();
  }

  @Override
  public String toString() {
    return "Secp256k1PrivateKey[" + publicKey.compressed() + "]";
  }

  private static RecoverableSignature sign(BigInteger d, byte[] digest) {
    BigInteger order = EcCurve.SECP256K1.order();
    HMacDSAKCalculator nonces = new HMacDSAKCalculator(new SHA256Digest());
    nonces.init(order, d, digest);
    BigInteger k = nonces.nextK();
    ECPoint point = EcCurve.SECP256K1.timesGenerator(k);
    BigInteger x = point.getAffineXCoord().toBigInteger();
    BigInteger r = x.mod(order);
    // The next nonce of the same sequence is as secret as the first and serves as the blind.
    BigInteger s = blindedS(d, k, r, new BigInteger(1, digest), nonces.nextK());
    if (r.signum() == 0 || s.signum() == 0) {
      throw new IllegalStateException("a signature with r or s of zero");
    }
    int parity = point.getAffineYCoord().testBitZero() ? 1 : 0;
    int recoveryId = parity | (x.equals(r) ? 0 : 2);
    boolean high = s.compareTo(order.shiftRight(1)) > 0;
    return RecoverableSignature.of(
        r, high ? order.subtract(s) : s, high ? recoveryId ^ 1 : recoveryId);
  }

  /**
   * s = k⁻¹(e + rd), computed as (bk)⁻¹(be + r(bd)): BigInteger arithmetic takes time that depends
   * on its operands, so it never sees the private scalar next to public values only.
   */
  private static BigInteger blindedS(
      BigInteger d, BigInteger k, BigInteger r, BigInteger e, BigInteger blind) {
    BigInteger order = EcCurve.SECP256K1.order();
    BigInteger blindedKey = d.multiply(blind).mod(order);
    BigInteger blindedNonce = k.multiply(blind).mod(order);
    BigInteger sum = e.multiply(blind).add(blindedKey.multiply(r)).mod(order);
    return BigIntegers.modOddInverse(order, blindedNonce).multiply(sum).mod(order);
  }
}
