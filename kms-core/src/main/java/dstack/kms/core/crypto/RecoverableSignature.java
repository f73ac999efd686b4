package dstack.kms.core.crypto;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;
import java.math.BigInteger;
import java.util.Optional;
import org.bouncycastle.math.ec.ECAlgorithms;
import org.bouncycastle.math.ec.ECPoint;

/**
 * An ECDSA signature over secp256k1 that names its signer: r, s and the recovery id 0 to 3, 65
 * bytes (specification 03 §5).
 */
public record RecoverableSignature(Bytes value) {
  /** Length in bytes. */
  public static final int LENGTH = 65;

  /** Refuses any other length and a recovery id above 3. */
  public RecoverableSignature {
    if (value.length() != LENGTH || value.at(LENGTH - 1) > 3) {
      throw new RefusalException(
          CryptoRefusal.SIGNATURE_ENCODING,
          "a recoverable signature has 65 bytes and a recovery id of 0 to 3");
    }
  }

  static RecoverableSignature of(BigInteger r, BigInteger s, int recoveryId) {
    return new RecoverableSignature(
        Bytes.concat(
            EcCurve.fixedLength(r),
            EcCurve.fixedLength(s),
            Bytes.of(new byte[] {(byte) recoveryId})));
  }

  /**
   * The one key under which this signs the digest of 32 bytes; empty if there is none, if r or s is
   * out of range or s is above n/2.
   */
  public Optional<Secp256k1PublicKey> signerOf(Bytes digest) {
    if (digest.length() != 32) {
      throw new IllegalArgumentException("a digest has 32 bytes, not " + digest.length());
    }
    BigInteger order = EcCurve.SECP256K1.order();
    BigInteger r = EcCurve.number(value.slice(0, 32));
    BigInteger s = EcCurve.number(value.slice(32, 64));
    if (!EcCurve.SECP256K1.isScalar(r) || s.signum() == 0 || s.compareTo(order.shiftRight(1)) > 0) {
      return Optional.empty();
    }
    return noncePoint(r).flatMap(point -> signer(point, r, s, EcCurve.number(digest)));
  }

  /** Q = r⁻¹(sR − eG). */
  private static Optional<Secp256k1PublicKey> signer(
      ECPoint nonce, BigInteger r, BigInteger s, BigInteger e) {
    BigInteger order = EcCurve.SECP256K1.order();
    BigInteger inverse = r.modInverse(order);
    BigInteger forGenerator = e.negate().multiply(inverse).mod(order);
    BigInteger forNonce = s.multiply(inverse).mod(order);
    ECPoint key =
        ECAlgorithms.sumOfTwoMultiplies(
                EcCurve.SECP256K1.generator(), forGenerator, nonce, forNonce)
            .normalize();
    return key.isInfinity() ? Optional.empty() : Optional.of(Secp256k1PublicKey.of(key));
  }

  private Optional<ECPoint> noncePoint(BigInteger r) {
    int recoveryId = value.at(LENGTH - 1);
    BigInteger x = recoveryId < 2 ? r : r.add(EcCurve.SECP256K1.order());
    if (x.compareTo(EcCurve.SECP256K1.fieldPrime()) >= 0) {
      return Optional.empty();
    }
    Bytes parity = Bytes.of(new byte[] {(byte) (2 + (recoveryId & 1))});
    try {
      return Optional.of(EcCurve.SECP256K1.decode(Bytes.concat(parity, EcCurve.fixedLength(x))));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
