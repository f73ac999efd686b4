package dstack.kms.core.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.core.secret.Secret;
import java.security.SecureRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class P256PrivateKeyTest {
  private static final SecureRandom RANDOM = new SecureRandom();

  static Stream<JsonNode> roots() {
    return KeyVectors.each("roots").map(root -> root.get("root_ca"));
  }

  static Stream<String> validScalars() {
    return KeyVectors.document()
        .get("scalar_validity")
        .get("valid_p256")
        .valueStream()
        .map(JsonNode::stringValue);
  }

  static Stream<String> invalidScalars() {
    return KeyVectors.document()
        .get("scalar_validity")
        .get("invalid_p256")
        .valueStream()
        .map(JsonNode::stringValue);
  }

  private static P256PrivateKey ofScalar(String hex) {
    try (Secret scalar = KeyVectors.secret(hex)) {
      return P256PrivateKey.ofScalar(scalar);
    }
  }

  @ParameterizedTest
  @MethodSource("roots")
  void writesTheVectorsKeyInEveryForm(JsonNode root) {
    try (P256PrivateKey key = ofScalar(KeyVectors.text(root, "scalar"));
        Secret der = key.pkcs8Der();
        Secret pem = key.pkcs8Pem();
        Secret scalar = key.scalar()) {
      assertThat(KeyVectors.hex(der)).isEqualTo(KeyVectors.text(root, "pkcs8"));
      assertThat(KeyVectors.hex(pem))
          .isEqualTo(Bytes.utf8(KeyVectors.text(root, "pkcs8_pem")).hex());
      assertThat(KeyVectors.hex(scalar)).isEqualTo(KeyVectors.text(root, "scalar"));
      assertThat(key.publicKey().point())
          .isEqualTo(KeyVectors.bytes(root, "public_point_uncompressed"));
      assertThat(key.publicKey().subjectPublicKeyInfo()).isEqualTo(KeyVectors.bytes(root, "spki"));
    }
  }

  @ParameterizedTest
  @MethodSource("roots")
  void readsTheVectorsPem(JsonNode root) {
    String pem = KeyVectors.text(root, "pkcs8_pem");
    for (String form : new String[] {pem, pem.replace("\n", "\r\n"), pem.strip(), "\n" + pem}) {
      try (Secret text = KeyVectors.secretText(form);
          P256PrivateKey key = P256PrivateKey.fromPkcs8Pem(text)) {
        assertThat(key.publicKey().subjectPublicKeyInfo())
            .isEqualTo(KeyVectors.bytes(root, "spki"));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("validScalars")
  void acceptsScalarsFromOneToTheOrderLessOne(String hex) {
    try (P256PrivateKey key = ofScalar(hex)) {
      assertThat(key.publicKey().point().length()).isEqualTo(65);
    }
  }

  @ParameterizedTest
  @MethodSource("invalidScalars")
  void refusesScalarsOutOfRangeInsteadOfReducingThem(String hex) {
    assertThatThrownBy(() -> ofScalar(hex))
        .isInstanceOf(RefusalException.class)
        .hasMessage("the P-256 private key is out of range");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 31, 33, 64})
  void refusesScalarOfAnotherLength(int length) {
    assertThatThrownBy(() -> ofScalar("01".repeat(length))).isInstanceOf(RefusalException.class);
  }

  @Test
  void refusesEveryPkcs8ThatDiffersFromTheCanonicalFormInAnyByte() {
    Bytes good = KeyVectors.bytes(roots().findFirst().orElseThrow(), "pkcs8");
    for (int i = 0; i < good.length(); i++) {
      byte[] bad = good.toArray();
      bad[i] ^= 1;
      assertThatThrownBy(() -> P256PrivateKey.fromPkcs8Der(Secret.takeOver(bad)))
          .isInstanceOf(RefusalException.class);
    }
  }

  /** Other encodings of the same key: without public key, with parameters, as SEC1, one off. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "3041020100301306072a8648ce3d020106082a8648ce3d030107042730250201010420"
            + "95642d36540d13916cf5628f04387eca3745be5dc3238a11d5d31dd75c581837",
        "304d020100301306072a8648ce3d020106082a8648ce3d030107043330310201010420"
            + "95642d36540d13916cf5628f04387eca3745be5dc3238a11d5d31dd75c581837"
            + "a00a06082a8648ce3d030107",
        "30310201010420"
            + "95642d36540d13916cf5628f04387eca3745be5dc3238a11d5d31dd75c581837"
            + "a00a06082a8648ce3d030107",
        ""
      })
  void refusesOtherEncodingsOfAPrivateKeyAndSaysWhatIsExpected(String hex) {
    try (Secret der = KeyVectors.secret(hex)) {
      assertThatThrownBy(() -> P256PrivateKey.fromPkcs8Der(der))
          .hasMessage("the private key is not a P-256 key in PKCS#8 with its public key");
    }
  }

  @Test
  void refusesPublicKeyThatIsNotThePrivateKeysOwn() {
    Bytes a = KeyVectors.bytes(roots().findFirst().orElseThrow(), "pkcs8");
    Bytes b = KeyVectors.bytes(roots().skip(1).findFirst().orElseThrow(), "pkcs8");
    Bytes mixed = Bytes.concat(a.slice(0, 73), b.slice(73, 138));
    assertThatThrownBy(() -> P256PrivateKey.fromPkcs8Der(Secret.takeOver(mixed.toArray())))
        .hasMessage("the public key beside the private key is not its own");
  }

  @Test
  void generatesDistinctKeysThatSurviveTheirPem() {
    try (P256PrivateKey one = P256PrivateKey.generate(RANDOM);
        P256PrivateKey two = P256PrivateKey.generate(RANDOM);
        Secret pem = one.pkcs8Pem();
        P256PrivateKey again = P256PrivateKey.fromPkcs8Pem(pem)) {
      assertThat(one.publicKey()).isNotEqualTo(two.publicKey()).isEqualTo(again.publicKey());
    }
  }

  @Test
  void signsSoThatBothImplementationsVerify() {
    Bytes message = Bytes.utf8("message");
    for (P256Engine engine :
        new P256Engine[] {SignatureVerifiers.fastest(), new BouncyCastleP256()}) {
      try (Secret scalar = KeyVectors.secret("02".repeat(32));
          P256PrivateKey key = P256PrivateKey.ofScalar(scalar, engine)) {
        EcdsaSignature signature = key.sign(message);
        for (String name : new String[] {"auto", "ACCP", "BC"}) {
          SignatureVerifier verifier = SignatureVerifiers.named(name);
          assertThat(verifier.verifiesP256Sha256(key.publicKey(), message, signature)).isTrue();
          assertThat(verifier.verifiesP256Sha256(key.publicKey(), Bytes.EMPTY, signature))
              .isFalse();
        }
      }
    }
  }

  /** RFC 6979, A.2.5, SHA-256: Bouncy Castle's nonces are those of the RFC. */
  @Test
  void signsTheExampleOfRfc6979WithBouncyCastle() {
    try (Secret scalar =
            KeyVectors.secret("c9afa9d845ba75166b5c215767b1d6934e50c3db36e89b127b8a622b120f6721");
        P256PrivateKey key = P256PrivateKey.ofScalar(scalar, new BouncyCastleP256())) {
      assertThat(key.sign(Bytes.utf8("sample")).rs().hex())
          .isEqualTo(
              "efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716"
                  + "f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8");
    }
  }

  @Test
  void handsOutNoSignatureThatDoesNotVerify() {
    try (Secret scalar = KeyVectors.secret("02".repeat(32));
        P256PrivateKey key = P256PrivateKey.ofScalar(scalar, new FaultyEngine())) {
      assertThatThrownBy(() -> key.sign(Bytes.utf8("message")))
          .isInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void cannotBeUsedOnceClosedAndShowsNoSecret() {
    P256PrivateKey key = ofScalar("02".repeat(32));
    assertThat(key.toString()).doesNotContain("0202020202");
    assertThat(key.sign(Bytes.EMPTY).rs().length()).isEqualTo(64);
    key.close();
    key.close();
    assertThatThrownBy(() -> key.sign(Bytes.EMPTY)).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(key::pkcs8Der).isInstanceOf(IllegalStateException.class);
  }

  /** Signs with one flipped bit, as a fault in the processor would. */
  private static final class FaultyEngine implements P256Engine {
    private final P256Engine sound = new BouncyCastleP256();

    @Override
    public String name() {
      return "faulty";
    }

    @Override
    public boolean verifiesP256Sha256(P256PublicKey key, Bytes message, EcdsaSignature signature) {
      return sound.verifiesP256Sha256(key, message, signature);
    }

    @Override
    public SigningKey signingKey(Secret scalar) {
      SigningKey key = sound.signingKey(scalar);
      return new SigningKey() {
        @Override
        public EcdsaSignature sign(Bytes message) {
          byte[] rs = key.sign(message).rs().toArray();
          rs[63] ^= 1;
          return new EcdsaSignature(Bytes.of(rs));
        }

        @Override
        public void close() {
          key.close();
        }
      };
    }
  }
}
