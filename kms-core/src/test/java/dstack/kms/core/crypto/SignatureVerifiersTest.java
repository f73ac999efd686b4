package dstack.kms.core.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dstack.kms.core.bytes.Bytes;
import java.math.BigInteger;
import java.security.SecureRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SignatureVerifiersTest {
  private static final BigInteger N = EcCurve.P256.order();
  private static final Bytes MESSAGE = Bytes.utf8("sample");

  /** RFC 6979, A.2.5. */
  private static final P256PublicKey KEY =
      new P256PublicKey(
          Bytes.fromHex(
              "0460fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb6"
                  + "7903fe1008b8bc99a41ae9e95628bc64f2f1b20c2d7e9f5177a3c294d4462299"));

  private static final BigInteger R =
      new BigInteger("efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716", 16);
  private static final BigInteger S =
      new BigInteger("f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8", 16);

  private static boolean verifies(String name, BigInteger r, BigInteger s) {
    EcdsaSignature signature =
        new EcdsaSignature(Bytes.concat(EcCurve.fixedLength(r), EcCurve.fixedLength(s)));
    return SignatureVerifiers.named(name).verifiesP256Sha256(KEY, MESSAGE, signature);
  }

  @ParameterizedTest
  @ValueSource(strings = {"auto", "ACCP", "BC"})
  void verifiesTheExampleOfRfc6979WithHighAndLowS(String name) {
    assertThat(verifies(name, R, S)).isTrue();
    assertThat(verifies(name, R, N.subtract(S))).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"auto", "ACCP", "BC"})
  void refusesRAndSOutsideOneToTheOrderLessOne(String name) {
    BigInteger max = BigInteger.ONE.shiftLeft(256).subtract(BigInteger.ONE);
    for (BigInteger bad : new BigInteger[] {BigInteger.ZERO, N, N.add(BigInteger.ONE), max}) {
      assertThat(verifies(name, bad, S)).isFalse();
      assertThat(verifies(name, R, bad)).isFalse();
      assertThat(verifies(name, bad, bad)).isFalse();
    }
    assertThat(verifies(name, BigInteger.ONE, BigInteger.ONE)).isFalse();
    assertThat(verifies(name, R, N.subtract(BigInteger.ONE))).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"auto", "ACCP", "BC"})
  void refusesSignatureUnderAnotherKeyAndOverAnotherMessage(String name) {
    SignatureVerifier verifier = SignatureVerifiers.named(name);
    EcdsaSignature signature =
        new EcdsaSignature(Bytes.concat(EcCurve.fixedLength(R), EcCurve.fixedLength(S)));
    assertThat(verifier.verifiesP256Sha256(KEY, Bytes.utf8("test"), signature)).isFalse();
    try (P256PrivateKey other = P256PrivateKey.generate(new SecureRandom())) {
      assertThat(verifier.verifiesP256Sha256(other.publicKey(), MESSAGE, signature)).isFalse();
    }
  }

  @Test
  void refusesSignatureWithAnyBitFlipped() {
    for (int bit = 0; bit < 512; bit++) {
      byte[] rs = Bytes.concat(EcCurve.fixedLength(R), EcCurve.fixedLength(S)).toArray();
      rs[bit / 8] ^= (byte) (1 << (bit % 8));
      EcdsaSignature flipped = new EcdsaSignature(Bytes.of(rs));
      for (String name : new String[] {"ACCP", "BC"}) {
        assertThat(SignatureVerifiers.named(name).verifiesP256Sha256(KEY, MESSAGE, flipped))
            .isFalse();
      }
    }
  }

  @Test
  void namesTheImplementationInUse() {
    assertThat(SignatureVerifiers.named("BC").name()).isEqualTo("BC");
    assertThat(SignatureVerifiers.named("auto").name()).isIn("ACCP", "BC");
    assertThat(SignatureVerifiers.named("ACCP").name())
        .isEqualTo(SignatureVerifiers.named("auto").name());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "accp", "SunEC", "default"})
  void refusesUnknownName(String name) {
    assertThatThrownBy(() -> SignatureVerifiers.named(name))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
