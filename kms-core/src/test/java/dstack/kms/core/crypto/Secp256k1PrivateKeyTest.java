package dstack.kms.core.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.bytes.Digests;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.core.secret.Secret;
import java.math.BigInteger;
import java.security.SecureRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class Secp256k1PrivateKeyTest {
  static Stream<JsonNode> roots() {
    return KeyVectors.each("roots");
  }

  static Stream<String> scalars(String validity) {
    return KeyVectors.document()
        .get("scalar_validity")
        .get(validity)
        .valueStream()
        .map(JsonNode::stringValue);
  }

  static Stream<String> validScalars() {
    return scalars("valid_secp256k1");
  }

  static Stream<String> invalidScalars() {
    return scalars("invalid_secp256k1");
  }

  private static Secp256k1PrivateKey ofScalar(String hex) {
    try (Secret scalar = KeyVectors.secret(hex)) {
      return Secp256k1PrivateKey.ofScalar(scalar);
    }
  }

  @ParameterizedTest
  @MethodSource("roots")
  void signsEveryMessageOfTheVectorsByteForByte(JsonNode root) {
    JsonNode k256 = root.get("root_k256");
    try (Secp256k1PrivateKey key = ofScalar(KeyVectors.text(k256, "scalar"))) {
      assertThat(key.publicKey().compressed())
          .isEqualTo(KeyVectors.bytes(k256, "public_key_compressed"));
      for (JsonNode app : root.get("apps")) {
        signs(key, app.get("k256"), "message", "k256_signature");
        signs(key, app.get("env_pubkey_response"), "message_v0", "signature");
        signs(key, app.get("env_pubkey_response"), "message_v1", "signature_v1");
      }
    }
  }

  private static void signs(
      Secp256k1PrivateKey key, JsonNode node, String message, String signature) {
    Bytes digest = Keccak.keccak256(KeyVectors.bytes(node, message));
    assertThat(key.signDigest(digest).value()).isEqualTo(KeyVectors.bytes(node, signature));
  }

  @ParameterizedTest
  @MethodSource("validScalars")
  void acceptsScalarsFromOneToTheOrderLessOne(String hex) {
    try (Secp256k1PrivateKey key = ofScalar(hex);
        Secret scalar = key.scalar()) {
      assertThat(KeyVectors.hex(scalar)).isEqualTo(hex);
    }
  }

  @ParameterizedTest
  @MethodSource("invalidScalars")
  void refusesScalarsOutOfRangeInsteadOfReducingThem(String hex) {
    assertThatThrownBy(() -> ofScalar(hex))
        .isInstanceOf(RefusalException.class)
        .hasMessage("the secp256k1 private key is out of range");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 24, 31, 33, 64})
  void t13_refusesScalarOfAnotherLengthInsteadOfPaddingIt(int length) {
    assertThatThrownBy(() -> ofScalar("01".repeat(length))).isInstanceOf(RefusalException.class);
  }

  /** The widely published RFC 6979 examples for secp256k1 with SHA-256 (Bitcoin libraries). */
  @ParameterizedTest
  @CsvSource({
    "0000000000000000000000000000000000000000000000000000000000000001,Satoshi Nakamoto,"
        + "934b1ea10a4b3c1757e2b0c017d0b6143ce3c9a7e6a4a49860d7a6ab210ee3d8"
        + "2442ce9d2b916064108014783e923ec36b49743e2ffa1c4496f01a512aafd9e5",
    "0000000000000000000000000000000000000000000000000000000000000001,"
        + "'All those moments will be lost in time, like tears in rain. Time to die...',"
        + "8600dbd41e348fe5c9465ab92d23e3db8b98b873beecd930736488696438cb6b"
        + "547fe64427496db33bf66019dacbf0039c04199abb0122918601db38a72cfc21"
  })
  void signsThePublishedExamplesOfRfc6979(String scalar, String message, String rs) {
    try (Secp256k1PrivateKey key = ofScalar(scalar)) {
      Bytes digest = Digests.sha256(Bytes.utf8(message));
      assertThat(key.signDigest(digest).value().slice(0, 64).hex()).isEqualTo(rs);
    }
  }

  @Test
  void generatesDistinctKeysWhoseSignaturesNameThemWithLowS() {
    SecureRandom random = new SecureRandom();
    BigInteger half = EcCurve.SECP256K1.order().shiftRight(1);
    for (int i = 0; i < 20; i++) {
      Bytes digest = Digests.sha256(Bytes.of(new byte[] {(byte) i}));
      try (Secp256k1PrivateKey key = Secp256k1PrivateKey.generate(random)) {
        RecoverableSignature signature = key.signDigest(digest);
        assertThat(signature.signerOf(digest)).contains(key.publicKey());
        assertThat(EcCurve.number(signature.value().slice(32, 64))).isLessThanOrEqualTo(half);
      }
    }
  }

  @Test
  void cannotBeUsedOnceClosedAndShowsNoSecret() {
    Secp256k1PrivateKey key = ofScalar("02".repeat(32));
    assertThat(key.toString()).doesNotContain("0202020202");
    key.close();
    assertThatThrownBy(() -> key.signDigest(Bytes.zeros(32)))
        .isInstanceOf(IllegalStateException.class);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 31, 33})
  void refusesDigestOfAnotherLength(int length) {
    try (Secp256k1PrivateKey key = ofScalar("02".repeat(32))) {
      assertThatThrownBy(() -> key.signDigest(Bytes.zeros(length)))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }
}
