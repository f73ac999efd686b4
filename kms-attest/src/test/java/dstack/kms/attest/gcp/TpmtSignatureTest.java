package dstack.kms.attest.gcp;

import static dstack.kms.attest.gcp.SignatureScheme.ECDSA;
import static dstack.kms.attest.gcp.SignatureScheme.RSASSA;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;
import java.math.BigInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TpmtSignatureTest {
  private static final Bytes BARE = GcpData.quote(GcpData.REAL).signature();
  private static final Bytes TAILED = GcpData.quote(GcpData.COMPOSED).signature();
  private static final Bytes RSA = GcpData.rsaQuote().signature();

  @Test
  void readsTheRealSignatureThatEndsWithItself() {
    assertThat(BARE.length()).isEqualTo(72);
    assertThat(TpmtSignature.parse(BARE, ECDSA))
        .isEqualTo(new TpmtSignature(ECDSA, Bytes.concat(BARE.slice(6, 38), BARE.slice(40, 72))));
  }

  @Test
  void readsTheSignatureThatCarriesTheEmptySession() {
    assertThat(TAILED.length()).isEqualTo(77);
    assertThat(TpmtSignature.parse(TAILED, ECDSA).value().hex())
        .isEqualTo(
            "72dfce2ca6eccffab0defaeb581c4590451d124daed7d87bcdbbf5b4a692c3d1"
                + "c70de131ddc176f0bce1118f9ce7eff6b3adfae5ef049c299952e6a96def586d");
    assertThat(TpmtSignature.parse(TAILED.slice(0, 72), ECDSA))
        .isEqualTo(TpmtSignature.parse(TAILED, ECDSA));
  }

  @Test
  void readsTheRealSignatureOfAnRsaKey() {
    assertThat(TpmtSignature.parse(RSA, RSASSA).value()).isEqualTo(RSA.slice(6, 6 + 256));
    Bytes tailed = Bytes.concat(RSA.slice(0, 262), Bytes.fromHex("0000010000"));
    assertThat(TpmtSignature.parse(tailed, RSASSA)).isEqualTo(TpmtSignature.parse(RSA, RSASSA));
  }

  @Test
  void restoresLeadingZerosThatATpmLeftOut() {
    TpmtSignature signature = TpmtSignature.parse(ecdsa("0102", "ff"), ECDSA);
    assertThat(new BigInteger(1, signature.value().slice(0, 32).toArray()))
        .isEqualTo(BigInteger.valueOf(0x0102));
    assertThat(new BigInteger(1, signature.value().slice(32, 64).toArray()))
        .isEqualTo(BigInteger.valueOf(0xff));
    assertThat(TpmtSignature.parse(ecdsa("", ""), ECDSA).value().isAllZero()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3})
  void refusesFewerThanFourBytes(int length) {
    assertRefused(BARE.slice(0, length), ECDSA, "signature too short: " + length + " bytes");
  }

  @Test
  void refusesEveryCutOfASignature() {
    for (int length = 4; length < BARE.length(); length++) {
      assertRefused(BARE.slice(0, length), ECDSA, "ECDSA signature ends early");
    }
    for (int length = 4; length < 262; length++) {
      assertRefused(RSA.slice(0, length), RSASSA, "RSASSA signature ends early");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "00",
        "00000100",
        "000001000000",
        "0000000000",
        "0000010001",
        "0001010000",
        "00000100000000010000"
      })
  void refusesEveryOtherTail(String tail) {
    assertRefused(
        Bytes.concat(BARE, Bytes.fromHex(tail)),
        ECDSA,
        "signature followed by " + tail.length() / 2 + " bytes");
  }

  @ParameterizedTest
  @CsvSource({
    "0018000c, ECDSA, unsupported hash algorithm: 0x000c",
    "0014000c, ECDSA, unsupported hash algorithm: 0x000c",
    "00180004, ECDSA, unsupported hash algorithm: 0x0004",
    "0014000b, ECDSA, 'expected ECDSA (0x0018), got 0x0014'",
    "0018000b, RSASSA, 'expected RSASSA (0x0014), got 0x0018'",
    "0016000b, RSASSA, 'expected RSASSA (0x0014), got 0x0016'",
    "001a000b, ECDSA, 'expected ECDSA (0x0018), got 0x001a'",
    "ffff000b, ECDSA, 'expected ECDSA (0x0018), got 0xffff'",
  })
  void refusesOtherAlgorithmsTheHashFirst(String head, SignatureScheme scheme, String text) {
    assertRefused(Bytes.concat(Bytes.fromHex(head), BARE.slice(4, 72)), scheme, text);
  }

  @Test
  void refusesNumbersThatAreLongerThanTheCurveEvenWithZerosInFront() {
    assertRefused(
        ecdsa("00" + "11".repeat(32), "22".repeat(32)),
        ECDSA,
        "ECDSA signature with a number of 33 bytes");
    // 64 bytes in all, cut at another place: the original takes these for the same signature.
    assertRefused(
        ecdsa("11".repeat(31), "22".repeat(33)),
        ECDSA,
        "ECDSA signature with a number of 33 bytes");
  }

  static Bytes ecdsa(String r, String s) {
    return Bytes.fromHex("0018000b" + sized(r) + sized(s));
  }

  private static String sized(String hex) {
    return "%04x".formatted(hex.length() / 2) + hex;
  }

  private static void assertRefused(Bytes encoded, SignatureScheme scheme, String text) {
    assertThatThrownBy(() -> TpmtSignature.parse(encoded, scheme))
        .isInstanceOfSatisfying(
            RefusalException.class, e -> assertThat(e.code()).isEqualTo(GcpRefusal.SIGNATURE_FORM))
        .hasMessage(text);
  }
}
