package dstack.kms.core.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import dstack.kms.core.bytes.Bytes;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECFieldFp;
import java.security.spec.ECGenParameterSpec;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which bytes are points of the two curves, against the Java runtime's own keys and constants. */
final class NistCurveTest {
  private static final Map<String, NistCurve> CURVES =
      Map.of("secp256r1", NistCurve.P256, "secp384r1", NistCurve.P384);

  private static ECPublicKey key(String name) throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec(name));
    if (generator.generateKeyPair().getPublic() instanceof ECPublicKey key) {
      return key;
    }
    throw new AssertionError("no EC key");
  }

  private static NistCurve curve(String name) {
    NistCurve curve = CURVES.get(name);
    assertThat(curve).isNotNull();
    return java.util.Objects.requireNonNull(curve);
  }

  private static Bytes point(int coordinate, BigInteger x, BigInteger y) {
    return Bytes.fromHex("04" + digits(coordinate, x) + digits(coordinate, y));
  }

  private static String digits(int coordinate, BigInteger number) {
    String hex = number.toString(16);
    return "0".repeat(2 * coordinate - hex.length()) + hex;
  }

  private static Bytes point(NistCurve curve, ECPublicKey key) {
    return point(curve.coordinate(), key.getW().getAffineX(), key.getW().getAffineY());
  }

  @ParameterizedTest
  @ValueSource(strings = {"secp256r1", "secp384r1"})
  void hasTheConstantsAndTheEncodingOfTheRuntime(String name) throws GeneralSecurityException {
    NistCurve curve = curve(name);
    ECPublicKey key = key(name);
    assertThat(key.getParams().getCurve().getField()).isEqualTo(new ECFieldFp(curve.p()));
    assertThat(key.getParams().getCurve().getB()).isEqualTo(curve.b());
    Bytes spki = Bytes.of(key.getEncoded());
    assertThat(curve.pointOf(spki)).hasValue(point(curve, key));
    assertThat(curve.spkiOf(point(curve, key))).isEqualTo(spki);
  }

  @ParameterizedTest
  @ValueSource(strings = {"secp256r1", "secp384r1"})
  void takesNoOtherEncodingOfAPointAndNoPointBesideTheCurve(String name)
      throws GeneralSecurityException {
    NistCurve curve = curve(name);
    Bytes good = point(curve, key(name));
    assertThat(curve.has(good)).isTrue();
    int length = good.length();
    for (int i = 0; i < length; i++) {
      byte[] flipped = good.toArray();
      flipped[i] ^= 1;
      assertThat(curve.has(Bytes.of(flipped))).as("byte %d", i).isFalse();
    }
    assertThat(curve.has(Bytes.EMPTY)).isFalse();
    assertThat(curve.has(Bytes.zeros(1))).as("infinity").isFalse();
    assertThat(curve.has(Bytes.zeros(length))).isFalse();
    assertThat(curve.has(good.slice(0, length - 1))).isFalse();
    assertThat(curve.has(Bytes.concat(good, Bytes.zeros(1)))).isFalse();
    Bytes x = good.slice(1, 1 + curve.coordinate());
    assertThat(curve.has(Bytes.concat(Bytes.fromHex("02"), x))).as("compressed").isFalse();
  }

  /** Both primes are 3 modulo 4, so that a power is a root. */
  @ParameterizedTest
  @ValueSource(strings = {"secp256r1", "secp384r1"})
  void takesNoCoordinateThatIsNotReduced(String name) {
    NistCurve curve = curve(name);
    BigInteger p = curve.p();
    BigInteger power = p.add(BigInteger.ONE).shiftRight(2);
    for (BigInteger x = BigInteger.ONE; ; x = x.add(BigInteger.ONE)) {
      BigInteger square = x.pow(3).subtract(x.multiply(BigInteger.valueOf(3))).add(curve.b());
      BigInteger y = square.modPow(power, p);
      if (y.multiply(y).subtract(square).mod(p).signum() == 0) {
        assertThat(curve.has(point(curve.coordinate(), x, y))).isTrue();
        assertThat(curve.has(point(curve.coordinate(), x.add(p), y))).isFalse();
        return;
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"secp256r1", "secp384r1"})
  void takesNoOtherSubjectPublicKeyInfo(String name) throws GeneralSecurityException {
    NistCurve curve = curve(name);
    Bytes spki = Bytes.of(key(name).getEncoded());
    String other = name.equals("secp256r1") ? "secp384r1" : "secp256r1";
    assertThat(curve.pointOf(Bytes.of(key(other).getEncoded()))).isEmpty();
    assertThat(curve.pointOf(Bytes.EMPTY)).isEmpty();
    assertThat(curve.pointOf(spki.slice(0, spki.length() - 1))).isEmpty();
    assertThat(curve.pointOf(Bytes.concat(spki, Bytes.zeros(1)))).isEmpty();
    for (int i = 0; i < spki.length(); i++) {
      byte[] flipped = spki.toArray();
      flipped[i] ^= 1;
      assertThat(curve.pointOf(Bytes.of(flipped))).as("byte %d", i).isEmpty();
    }
  }
}
