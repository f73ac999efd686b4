package dstack.kms.core.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;
import java.math.BigInteger;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class RecoverableSignatureTest {
  private static final JsonNode UPSTREAM =
      KeyVectors.document().get("upstream_env_pubkey_signature_v0");
  private static final Bytes DIGEST = KeyVectors.bytes(UPSTREAM, "keccak256");
  private static final Bytes SIGNATURE = KeyVectors.bytes(UPSTREAM, "signature");

  private static Optional<Secp256k1PublicKey> signer(byte[] signature) {
    return new RecoverableSignature(Bytes.of(signature)).signerOf(DIGEST);
  }

  private static byte[] with(BigInteger r, BigInteger s, int v) {
    return RecoverableSignature.of(r, s, v).value().toArray();
  }

  @Test
  void recoversTheSignerOfTheUpstreamVector() {
    assertThat(Keccak.keccak256(KeyVectors.bytes(UPSTREAM, "message"))).isEqualTo(DIGEST);
    assertThat(signer(SIGNATURE.toArray()).orElseThrow().compressed())
        .isEqualTo(KeyVectors.bytes(UPSTREAM, "recovered_root_k256_pubkey"));
  }

  @Test
  void recoversAnotherSignerOrNoneForAnyFlippedBit() {
    Optional<Secp256k1PublicKey> genuine = signer(SIGNATURE.toArray());
    for (int bit = 0; bit < 64 * 8; bit += 7) {
      byte[] flipped = SIGNATURE.toArray();
      flipped[bit / 8] ^= (byte) (1 << (bit % 8));
      assertThat(signer(flipped)).isNotEqualTo(genuine);
    }
    byte[] otherParity = SIGNATURE.toArray();
    otherParity[64] ^= 1;
    assertThat(signer(otherParity)).isNotEqualTo(genuine);
  }

  @Test
  void namesNoSignerWhenRIsOutOfRange() {
    BigInteger n = EcCurve.SECP256K1.order();
    assertThat(signer(with(BigInteger.ZERO, BigInteger.ONE, 0))).isEmpty();
    assertThat(signer(with(n, BigInteger.ONE, 0))).isEmpty();
    assertThat(signer(with(n.subtract(BigInteger.ONE), BigInteger.ONE, 2))).isEmpty();
  }

  @Test
  void namesNoSignerWhenSIsZeroOrHigh() {
    BigInteger n = EcCurve.SECP256K1.order();
    BigInteger r = EcCurve.number(SIGNATURE.slice(0, 32));
    BigInteger s = EcCurve.number(SIGNATURE.slice(32, 64));
    assertThat(signer(with(r, BigInteger.ZERO, 0))).isEmpty();
    assertThat(signer(with(r, n.subtract(s), 1))).isEmpty();
    assertThat(signer(with(r, n.shiftRight(1).add(BigInteger.ONE), 0))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 64, 66})
  void refusesAnotherLength(int length) {
    assertThatThrownBy(() -> new RecoverableSignature(Bytes.zeros(length)))
        .isInstanceOf(RefusalException.class);
  }

  @ParameterizedTest
  @ValueSource(ints = {4, 27, 28, 255})
  void refusesRecoveryIdAboveThree(int recoveryId) {
    byte[] signature = SIGNATURE.toArray();
    signature[64] = (byte) recoveryId;
    assertThatThrownBy(() -> new RecoverableSignature(Bytes.of(signature)))
        .isInstanceOf(RefusalException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "00",
        "0486172773801ee97812529cc944deab871b686a4cd6fe7df36260ece2832bc4ec",
        "030000000000000000000000000000000000000000000000000000000000000005",
        "02fffffffffffffffffffffffffffffffffffffffffffffffffffffffefffffc2f",
        "0386172773801ee97812529cc944deab871b686a4cd6fe7df36260ece2832bc4"
      })
  void refusesPublicKeyThatIsNoCompressedPoint(String hex) {
    assertThatThrownBy(() -> new Secp256k1PublicKey(Bytes.fromHex(hex)))
        .isInstanceOf(RefusalException.class);
  }
}
