package dstack.kms.core.crypto;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.core.secret.Secret;
import java.math.BigInteger;
import java.security.SecureRandom;
import org.bouncycastle.asn1.x9.X9ECParameters;
import org.bouncycastle.crypto.ec.CustomNamedCurves;
import org.bouncycastle.crypto.params.ECDomainParameters;
import org.bouncycastle.math.ec.ECPoint;
import org.bouncycastle.math.ec.FixedPointCombMultiplier;
import org.bouncycastle.util.BigIntegers;

/** One of the two curves, with the rules for its private scalars. */
enum EcCurve {
  P256("P-256", "secp256r1"),
  SECP256K1("secp256k1", "secp256k1");

  /** Length of a scalar and of a coordinate in bytes. */
  static final int SCALAR_LENGTH = 32;

  private final String title;

  @SuppressWarnings("ImmutableEnumChecker") // a table of constants that nothing writes to
  private final X9ECParameters parameters;

  EcCurve(String title, String name) {
    this.title = title;
    parameters = CustomNamedCurves.getByName(name);
  }

  BigInteger order() {
    return parameters.getN();
  }

  /** The prime of the field that coordinates lie in. */
  BigInteger fieldPrime() {
    return parameters.getCurve().getField().getCharacteristic();
  }

  ECPoint generator() {
    return parameters.getG();
  }

  ECPoint decode(Bytes point) {
    return parameters.getCurve().decodePoint(point.toArray());
  }

  ECDomainParameters domain() {
    return new ECDomainParameters(parameters);
  }

  /** The generator times a secret scalar, by a table look-up that does not depend on the scalar. */
  ECPoint timesGenerator(BigInteger scalar) {
    return new FixedPointCombMultiplier().multiply(generator(), scalar).normalize();
  }

  ECPoint publicPoint(Secret scalar) {
    return scalar.expose(raw -> timesGenerator(new BigInteger(1, raw)));
  }

  /** Whether 0 &lt; value &lt; n. */
  boolean isScalar(BigInteger value) {
    return value.signum() > 0 && value.compareTo(order()) < 0;
  }

  /** Refuses a secret that is not exactly 32 bytes with 0 &lt; d &lt; n. */
  void requireScalar(Secret scalar) {
    if (scalar.length() != SCALAR_LENGTH) {
      throw new RefusalException(
          CryptoRefusal.PRIVATE_KEY_LENGTH,
          "a " + title + " private key has 32 bytes, not " + scalar.length());
    }
    if (!isInRange(scalar)) {
      throw new RefusalException(
          CryptoRefusal.PRIVATE_KEY_RANGE, "the " + title + " private key is out of range");
    }
  }

  /** A fresh scalar, each in 1..n-1 equally likely. */
  Secret generateScalar(SecureRandom random) {
    while (true) {
      Secret candidate = Secret.generate(SCALAR_LENGTH, random);
      if (isInRange(candidate)) {
        return candidate;
      }
      candidate.close();
    }
  }

  /** The number as 32 big-endian bytes. */
  static Bytes fixedLength(BigInteger value) {
    return Bytes.of(BigIntegers.asUnsignedByteArray(SCALAR_LENGTH, value));
  }

  static BigInteger number(Bytes value) {
    return new BigInteger(1, value.toArray());
  }

  private boolean isInRange(Secret scalar) {
    return scalar.expose(raw -> isScalar(new BigInteger(1, raw)));
  }
}
