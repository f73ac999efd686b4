package dstack.kms.core.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import dstack.kms.core.bytes.Bytes;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import org.bouncycastle.util.BigIntegers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** P-384 and RSA under both engines; the signatures are those of RFC 6979 and of OpenSSL. */
class EvidenceSignaturesTest {
  private static final Bytes MESSAGE = Bytes.utf8("sample");
  private static final BigInteger N =
      new BigInteger(
          "ffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf"
              + "581a0db248b0a77aecec196accc52973",
          16);

  /** RFC 6979, A.2.6. */
  private static final P384PublicKey KEY =
      new P384PublicKey(
          Bytes.fromHex(
              "04"
                  + "ec3a4e415b4e19a4568618029f427fa5da9a8bc4ae92e02e06aae5286b300c64"
                  + "def8f0ea9055866064a254515480bc13"
                  + "8015d9b72d7d57244ea8ef9ac0c621896708a59367f9dfb9f54ca84b3f1c9db1"
                  + "288b231c3ae0d4fe7344fd2533264720"));

  private static final BigInteger R =
      new BigInteger(
          "94edbb92a5ecb8aad4736e56c691916b3f88140666ce9fa73d64c4ea95ad133c"
              + "81a648152e44acf96e36dd1e80fabe46",
          16);
  private static final BigInteger S =
      new BigInteger(
          "99ef4aeb15f178cea1fe40db2603138f130e740a19624526203b6351d0a3a94f"
              + "a329c145786e679e7b82c71a38628ac8",
          16);

  private static final Map<String, Bytes> RSA = rsaSignatures();
  private static final RsaPublicKey RSA_KEY =
      RsaPublicKey.fromSubjectPublicKeyInfo(rsa("spki")).orElseThrow();

  private static Map<String, Bytes> rsaSignatures() {
    Properties properties = new Properties();
    try (InputStream file =
        Objects.requireNonNull(
            EvidenceSignaturesTest.class.getResourceAsStream("/signatures/rsa.properties"))) {
      properties.load(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Map<String, Bytes> signatures = new HashMap<>();
    properties.forEach(
        (name, hex) -> signatures.put(name.toString(), Bytes.fromHex(hex.toString())));
    return signatures;
  }

  private static Bytes rsa(String name) {
    return Objects.requireNonNull(RSA.get(name));
  }

  private static EcdsaSignature384 signature(BigInteger r, BigInteger s) {
    return new EcdsaSignature384(
        Bytes.concat(
            Bytes.of(BigIntegers.asUnsignedByteArray(48, r)),
            Bytes.of(BigIntegers.asUnsignedByteArray(48, s))));
  }

  private static boolean verifies(String engine, BigInteger r, BigInteger s) {
    return SignatureVerifiers.named(engine).verifiesP384Sha384(KEY, MESSAGE, signature(r, s));
  }

  @Test
  void theNativeEngineIsHere() {
    assertThat(SignatureVerifiers.named("auto").name()).isEqualTo("ACCP");
  }

  @ParameterizedTest
  @ValueSource(strings = {"ACCP", "BC"})
  void verifiesTheExampleOfRfc6979WithHighAndLowS(String engine) {
    assertThat(verifies(engine, R, S)).isTrue();
    assertThat(verifies(engine, R, N.subtract(S))).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"ACCP", "BC"})
  void refusesRAndSOutsideOneToTheOrderLessOne(String engine) {
    BigInteger max = BigInteger.ONE.shiftLeft(384).subtract(BigInteger.ONE);
    for (BigInteger bad : List.of(BigInteger.ZERO, N, N.add(BigInteger.ONE), max)) {
      assertThat(verifies(engine, bad, S)).isFalse();
      assertThat(verifies(engine, R, bad)).isFalse();
      assertThat(verifies(engine, bad, bad)).isFalse();
    }
    assertThat(verifies(engine, BigInteger.ONE, BigInteger.ONE)).isFalse();
    assertThat(verifies(engine, S, R)).isFalse();
    assertThat(verifies(engine, R, N.subtract(BigInteger.ONE))).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"ACCP", "BC"})
  void refusesP384SignatureOverAnotherMessageAndUnderAnotherKey(String engine) {
    SignatureVerifier verifier = SignatureVerifiers.named(engine);
    // The negative of the point is on the curve as well.
    BigInteger p =
        BigInteger.TWO
            .pow(384)
            .subtract(BigInteger.TWO.pow(128))
            .subtract(BigInteger.TWO.pow(96))
            .add(BigInteger.TWO.pow(32))
            .subtract(BigInteger.ONE);
    BigInteger y = new BigInteger(1, KEY.point().slice(49, 97).toArray());
    P384PublicKey other =
        new P384PublicKey(
            Bytes.concat(
                KEY.point().slice(0, 49),
                Bytes.of(BigIntegers.asUnsignedByteArray(48, p.subtract(y)))));

    assertThat(verifier.verifiesP384Sha384(KEY, Bytes.utf8("test"), signature(R, S))).isFalse();
    assertThat(verifier.verifiesP384Sha384(other, MESSAGE, signature(R, S))).isFalse();
  }

  @Test
  void refusesP384SignatureWithAnyBitFlipped() {
    for (int bit = 0; bit < 768; bit++) {
      byte[] rs = signature(R, S).rs().toArray();
      rs[bit / 8] ^= (byte) (1 << (bit % 8));
      EcdsaSignature384 flipped = new EcdsaSignature384(Bytes.of(rs));
      for (String engine : List.of("ACCP", "BC")) {
        assertThat(SignatureVerifiers.named(engine).verifiesP384Sha384(KEY, MESSAGE, flipped))
            .isFalse();
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "pkcs1_sha256,PKCS1_SHA256",
    "pkcs1_sha384,PKCS1_SHA384",
    "pss_sha384,PSS_SHA384",
    "pss_salt32,",
    "pss_salt0,",
    "pss_salt_max,",
    "pss_mgf_sha256,",
    "pss_sha256,",
    "pkcs1_sha1,",
    "pkcs1_without_null,",
    "pkcs1_trailing_garbage,",
    "pkcs1_garbage_after_full_padding,",
    "pkcs1_block_type_2,",
    "pkcs1_other_digest,",
    "pkcs1_bare_digest,"
  })
  void bothEnginesTakeEachRsaSignatureUnderItsOwnSchemeOnly(String name, String scheme) {
    for (RsaScheme asked : RsaScheme.values()) {
      for (String engine : List.of("ACCP", "BC")) {
        assertThat(SignatureVerifiers.named(engine).verifiesRsa(asked, RSA_KEY, MESSAGE, rsa(name)))
            .as("%s under %s by %s", name, asked, engine)
            .isEqualTo(asked.name().equals(scheme));
      }
    }
  }

  @ParameterizedTest
  @EnumSource(RsaScheme.class)
  void refusesRsaSignaturesOfOtherLengthsAndTooLargeNumbers(RsaScheme scheme) {
    Bytes good = rsa(scheme.name().toLowerCase(Locale.ROOT));
    BigInteger number = new BigInteger(1, good.toArray());
    List<Bytes> bad =
        List.of(
            Bytes.EMPTY,
            good.slice(0, 255),
            good.slice(1, 256),
            Bytes.concat(good, Bytes.zeros(1)),
            Bytes.concat(Bytes.zeros(1), good),
            Bytes.zeros(256),
            Bytes.of(BigIntegers.asUnsignedByteArray(256, RSA_KEY.modulus())),
            Bytes.of(BigIntegers.asUnsignedByteArray(256, BigInteger.ONE)),
            Bytes.of(BigIntegers.asUnsignedByteArray(256, RSA_KEY.modulus().subtract(number))));
    for (String engine : List.of("ACCP", "BC")) {
      SignatureVerifier verifier = SignatureVerifiers.named(engine);
      assertThat(verifier.verifiesRsa(scheme, RSA_KEY, MESSAGE, good)).isTrue();
      assertThat(verifier.verifiesRsa(scheme, RSA_KEY, Bytes.utf8("else"), good)).isFalse();
      for (Bytes signature : bad) {
        assertThat(verifier.verifiesRsa(scheme, RSA_KEY, MESSAGE, signature)).isFalse();
      }
    }
  }

  @ParameterizedTest
  @EnumSource(RsaScheme.class)
  void oddKeysOfStrangersEndInARefusal(RsaScheme scheme) {
    Bytes good = rsa(scheme.name().toLowerCase(Locale.ROOT));
    BigInteger three = BigInteger.valueOf(3);
    List<RsaPublicKey> odd =
        List.of(
            new RsaPublicKey(RSA_KEY.modulus(), three),
            new RsaPublicKey(RSA_KEY.modulus(), BigInteger.valueOf(0xffffffffL)),
            new RsaPublicKey(BigInteger.TWO.pow(2048).subtract(BigInteger.ONE), three),
            new RsaPublicKey(three.pow(1292), BigInteger.valueOf(65537)),
            new RsaPublicKey(three.pow(2584), BigInteger.valueOf(65537)));
    for (RsaPublicKey key : odd) {
      Bytes signature = Bytes.concat(Bytes.zeros(key.signatureLength() - good.length()), good);
      for (String engine : List.of("ACCP", "BC")) {
        assertThat(SignatureVerifiers.named(engine).verifiesRsa(scheme, key, MESSAGE, signature))
            .isFalse();
      }
    }
  }

  @Test
  void refusesRsaSignatureWithAnyByteChanged() {
    for (RsaScheme scheme : RsaScheme.values()) {
      byte[] good = rsa(scheme.name().toLowerCase(Locale.ROOT)).toArray();
      for (int i = 0; i < good.length; i++) {
        byte[] changed = good.clone();
        changed[i] ^= 1;
        for (String engine : List.of("ACCP", "BC")) {
          assertThat(
                  SignatureVerifiers.named(engine)
                      .verifiesRsa(scheme, RSA_KEY, MESSAGE, Bytes.of(changed)))
              .isFalse();
        }
      }
    }
  }

  @Test
  void rsaKeysHaveOneEncoding() {
    Bytes spki = rsa("spki");
    String hex = spki.hex();
    assertThat(RSA_KEY.subjectPublicKeyInfo()).isEqualTo(spki);
    assertThat(hex).contains("0382010f003082010a0282010100");
    List<String> loose =
        List.of(
            // one zero too many before the modulus, all lengths adjusted
            hex.replace("30820122", "30820123")
                .replace("0382010f003082010a0282010100", "03820110003082010b028201020000"),
            // parameters left out
            hex.replace(
                "30820122300d06092a864886f70d0101010500", "30820120300b06092a864886f70d010101"),
            hex + "00",
            hex.substring(0, hex.length() - 2),
            // even exponent, exponent one
            hex.replace("0203010001", "0203010002"),
            hex.replace("0203010001", "0203000001"),
            // the algorithm of PSS keys
            hex.replace("2a864886f70d010101", "2a864886f70d01010a"));
    for (String each : loose) {
      assertThat(RsaPublicKey.fromSubjectPublicKeyInfo(Bytes.fromHex(each))).isEmpty();
    }
  }

  @Test
  void readsP384SignaturesFromStrictDerOnly() {
    EcdsaSignature384 signature = signature(R, S);
    Bytes der = signature.toDer();
    assertThat(EcdsaSignature384.fromDer(der)).contains(signature);
    assertThat(der.hex()).startsWith("3066023100").hasSize(2 * 104);
    EcdsaSignature384 small = signature(BigInteger.ONE, BigInteger.TWO);
    assertThat(EcdsaSignature384.fromDer(Bytes.fromHex("3006020101020102"))).contains(small);
    String hex = der.hex();
    for (String bad :
        List.of(
            "",
            "30",
            "3000",
            hex + "00",
            hex.substring(0, hex.length() - 2),
            "308166" + hex.substring(4),
            "3006028101020102",
            "30070202000102" + "0102",
            "3006020181020102",
            "3006020101030102",
            "300702020001020102",
            "3005020102" + "0200",
            "3038" + "0233" + "01" + "00".repeat(50) + "020101",
            "3036" + "0231" + "01" + "00".repeat(48) + "020101")) {
      assertThat(EcdsaSignature384.fromDer(Bytes.fromHex(bad))).as(bad).isEmpty();
    }
  }

  @Test
  void takesNumbersThatAreShorterButNotLonger() {
    Bytes one = Bytes.fromHex("01");
    assertThat(EcdsaSignature384.ofNumbers(one, Bytes.EMPTY).orElseThrow())
        .isEqualTo(signature(BigInteger.ONE, BigInteger.ZERO));
    assertThat(EcdsaSignature384.ofNumbers(Bytes.zeros(48), one)).isPresent();
    assertThat(EcdsaSignature384.ofNumbers(Bytes.zeros(49), one)).isEmpty();
    assertThat(EcdsaSignature384.ofNumbers(one, Bytes.zeros(49))).isEmpty();
    assertThat(EcdsaSignature.ofNumbers(one, one).orElseThrow().rs().hex())
        .isEqualTo(("00".repeat(31) + "01").repeat(2));
    assertThat(EcdsaSignature.ofNumbers(Bytes.zeros(33), one)).isEmpty();
    assertThat(EcdsaSignature.ofNumbers(one, Bytes.zeros(33))).isEmpty();
  }
}
