package dstack.kms.core.audit;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.crypto.EcdsaSignature;
import java.math.BigInteger;

/**
 * Of the two signatures (r, s) and (r, n − s) that hold alike only the one with the smaller s is
 * used, or everybody could change the signature of a line into another that holds.
 */
final class LowS {
  private static final BigInteger N =
      new BigInteger("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551", 16);
  private static final BigInteger HALF = N.shiftRight(1);

  private LowS() {}

  static boolean holds(EcdsaSignature signature) {
    return s(signature).compareTo(HALF) <= 0;
  }

  static EcdsaSignature of(EcdsaSignature signature) {
    if (holds(signature)) {
      return signature;
    }
    byte[] s = N.subtract(s(signature)).toByteArray();
    Bytes magnitude = s[0] == 0 ? Bytes.of(s, 1, s.length) : Bytes.of(s);
    return EcdsaSignature.ofNumbers(signature.rs().slice(0, 32), magnitude).orElseThrow();
  }

  private static BigInteger s(EcdsaSignature signature) {
    return new BigInteger(1, signature.rs().slice(32, 64).toArray());
  }
}
