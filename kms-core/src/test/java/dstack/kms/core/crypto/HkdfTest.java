package dstack.kms.core.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.secret.Secret;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class HkdfTest {
  static Stream<JsonNode> vectors() {
    return KeyVectors.each("hkdf");
  }

  @ParameterizedTest
  @MethodSource("vectors")
  void derivesTheVectors(JsonNode vector) {
    int length = vector.get("length").intValue();
    try (Secret ikm = KeyVectors.secret(vector, "ikm");
        Secret okm = Hkdf.derive(ikm, KeyVectors.bytes(vector, "info"), length)) {
      assertThat(KeyVectors.hex(okm)).isEqualTo(KeyVectors.text(vector, "okm"));
    }
  }

  /** RFC 5869, A.1 and A.2. */
  @Test
  void derivesTheExamplesOfTheRfc() {
    byte[] ikm = Bytes.fromHex("0b".repeat(22)).toArray();
    byte[] salt = Bytes.fromHex("000102030405060708090a0b0c").toArray();
    try (Secret okm = Hkdf.derive(salt, ikm, Bytes.fromHex("f0f1f2f3f4f5f6f7f8f9"), 42)) {
      assertThat(KeyVectors.hex(okm))
          .isEqualTo(
              "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf"
                  + "34007208d5b887185865");
    }
    byte[] longIkm = sequence(0x00, 80);
    byte[] longSalt = sequence(0x60, 80);
    try (Secret okm = Hkdf.derive(longSalt, longIkm, Bytes.of(sequence(0xb0, 80)), 82)) {
      assertThat(KeyVectors.hex(okm))
          .isEqualTo(
              "b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c"
                  + "59045a99cac7827271cb41c65e590e09da3275600c2f09b8367793a9aca3db71"
                  + "cc30c58179ec3e87c14c01d5c1f3434f1d87");
    }
  }

  @Test
  void derivesUpTo8160Bytes() {
    try (Secret ikm = KeyVectors.secret("00");
        Secret okm = Hkdf.derive(ikm, Bytes.EMPTY, 8160)) {
      assertThat(okm.length()).isEqualTo(8160);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 0, 8161})
  void refusesOtherLengths(int length) {
    try (Secret ikm = KeyVectors.secret("00")) {
      assertThatThrownBy(() -> Hkdf.derive(ikm, Bytes.EMPTY, length))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  private static byte[] sequence(int first, int length) {
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      bytes[i] = (byte) (first + i);
    }
    return bytes;
  }
}
