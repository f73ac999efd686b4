package dstack.kms.client.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dstack.kms.client.refusal.FetchRefusal;
import dstack.kms.client.testing.TestPlatform;
import dstack.kms.client.testing.VectorApp;
import dstack.kms.core.bootinfo.AppId;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.certificate.Certificates;
import dstack.kms.core.crypto.P256PrivateKey;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.core.secret.Secret;
import dstack.kms.rpc.proto.AppKeyResponse;
import java.math.BigInteger;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What an answer must be before anything of it counts as the application's keys. */
final class ExpectedKeysTest {
  /** The order of secp256k1 (SEC 2). */
  private static final BigInteger ORDER =
      new BigInteger("fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141", 16);

  private final VectorApp app = new VectorApp();
  private final ExpectedKeys expected = new ExpectedKeys(app.id(), app.kms(), Optional.empty());

  private static String hex(Secret secret) {
    return secret.expose(raw -> Bytes.of(raw).hex());
  }

  private void refuses(FetchRefusal code, UnaryOperator<AppKeyResponse.Builder> change) {
    refuses(expected, code, change);
  }

  private void refuses(
      ExpectedKeys by, FetchRefusal code, UnaryOperator<AppKeyResponse.Builder> change) {
    AppKeyResponse answer = change.apply(app.answer()).build();
    assertThatThrownBy(() -> by.verify(answer).close())
        .isInstanceOfSatisfying(
            RefusalException.class, e -> assertThat(e.code()).as(e.text()).isEqualTo(code));
  }

  private static ByteString changed(ByteString bytes, int at) {
    byte[] copy = bytes.toByteArray();
    copy[at] ^= 1;
    return ByteString.copyFrom(copy);
  }

  @Test
  void takesTheKeysOfTheVectorsAndLeavesNoneInTheMessage() {
    AppKeyResponse answer = app.answer().build();
    try (VerifiedAppKeys keys = expected.verify(answer);
        Secret scalar = keys.k256Key().scalar()) {
      assertThat(hex(keys.diskCryptKey())).isEqualTo(app.vector("/disk/disk_crypt_key").hex());
      assertThat(hex(keys.envCryptKey())).isEqualTo(app.vector("/env/env_crypt_key").hex());
      assertThat(hex(scalar)).isEqualTo(app.vector("/k256/k256_key").hex());
      assertThat(keys.app()).isEqualTo(app.id());
      assertThat(keys.gatewayAppId()).isEqualTo("gateway-1");
      assertThat(keys.osImageHash()).isEqualTo(Bytes.EMPTY);
    }
    for (ByteString left :
        new ByteString[] {answer.getDiskCryptKey(), answer.getEnvCryptKey(), answer.getK256Key()}) {
      assertThat(left.toByteArray()).containsOnly(0);
    }
  }

  @Test
  void t39_showsNoKeyInItsTextNorInThatOfARefusal() {
    try (VerifiedAppKeys keys = expected.verify(app.answer().build())) {
      assertThat(keys.diskCryptKey() + " " + keys.envCryptKey() + " " + keys.osImageHash())
          .doesNotContain(app.vector("/disk/disk_crypt_key").hex())
          .doesNotContain(app.vector("/env/env_crypt_key").hex());
    }
    AppKeyResponse answer = app.answer().setCaCert("none").build();
    assertThatThrownBy(() -> expected.verify(answer))
        .isInstanceOfSatisfying(
            RefusalException.class,
            e ->
                assertThat(e.text() + e.detail())
                    .doesNotContain(app.vector("/disk/disk_crypt_key").hex()));
  }

  @Test
  void refusesAK256KeyOrASignatureWithAnyBitChanged() {
    for (int at = 0; at < 32; at++) {
      int position = at;
      refuses(FetchRefusal.OTHER_K256, a -> a.setK256Key(changed(a.getK256Key(), position)));
    }
    for (int at = 0; at < 65; at++) {
      int position = at;
      refuses(
          FetchRefusal.OTHER_K256,
          a -> a.setK256Signature(changed(a.getK256Signature(), position)));
    }
  }

  /** It recovers the same signer, and contracts refuse it. */
  @Test
  void refusesTheTwinOfASignature() {
    refuses(
        FetchRefusal.OTHER_K256,
        a -> {
          byte[] twin = a.getK256Signature().toByteArray();
          BigInteger s = new BigInteger(1, java.util.Arrays.copyOfRange(twin, 32, 64));
          byte[] other = HexFormat.of().parseHex(String.format("%064x", ORDER.subtract(s)));
          System.arraycopy(other, 0, twin, 32, 32);
          twin[64] ^= 1;
          return a.setK256Signature(ByteString.copyFrom(twin));
        });
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 64, 66, 130})
  void refusesASignatureOfAnotherLength(int length) {
    refuses(FetchRefusal.ANSWER, a -> a.setK256Signature(ByteString.copyFrom(new byte[length])));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 31, 33, 64})
  void refusesKeysOfAnotherLength(int length) {
    ByteString wrong = ByteString.copyFrom(new byte[length]);
    refuses(FetchRefusal.ANSWER, a -> a.setDiskCryptKey(wrong));
    refuses(FetchRefusal.ANSWER, a -> a.setEnvCryptKey(wrong));
    refuses(FetchRefusal.ANSWER, a -> a.setK256Key(wrong));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 20, 31, 33})
  void refusesAnImageHashThatIsNone(int length) {
    refuses(FetchRefusal.ANSWER, a -> a.setOsImageHash(ByteString.copyFrom(new byte[length])));
  }

  @Test
  void refusesScalarsOutOfRange() {
    for (String scalar : new String[] {"00".repeat(32), ORDER.toString(16), "ff".repeat(32)}) {
      AppKeyResponse answer =
          app.answer().setK256Key(ByteString.copyFrom(HexFormat.of().parseHex(scalar))).build();
      assertThatThrownBy(() -> expected.verify(answer)).isInstanceOf(RefusalException.class);
    }
  }

  @Test
  void refusesTheKeysOfAnotherApplication() {
    AppId other = new AppId(Bytes.fromHex("22".repeat(20)));
    refuses(new ExpectedKeys(other, app.kms(), Optional.empty()), FetchRefusal.OTHER_K256, a -> a);
    refuses(
        FetchRefusal.OTHER_K256,
        a ->
            a.setK256Signature(
                ByteString.copyFrom(app.derivation().appK256Signature(other).value().toArray())));
  }

  @Test
  void refusesAnotherRootCaEvenOfTheSameName() {
    String other =
        new Certificates(TestPlatform.CLOCK)
            .rootCa(P256PrivateKey.generate(new SecureRandom()))
            .pem();
    refuses(FetchRefusal.ANSWER, a -> a.setCaCert(other));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "x", "-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n"})
  void refusesARootCaThatIsNoCertificate(String pem) {
    refuses(FetchRefusal.ANSWER, a -> a.setCaCert(pem));
  }

  @Test
  void refusesTwoRootCasInOneText() {
    refuses(FetchRefusal.ANSWER, a -> a.setCaCert(app.rootCa().pem() + app.rootCa().pem()));
  }

  @ParameterizedTest
  @CsvSource({
    "gateway-1, gateway-2",
    "'', gateway-1",
    "'a b', 'a b'",
    "'a\u202eb', 'a\u202eb'",
    "'\u0007', '\u0007'",
  })
  void refusesAGatewayThatIsTwoOrNotPrintable(String gateway, String tproxy) {
    refuses(FetchRefusal.ANSWER, a -> a.setGatewayAppId(gateway).setTproxyAppId(tproxy));
  }

  @Test
  void refusesAGatewayOf257Characters() {
    refuses(
        FetchRefusal.ANSWER,
        a -> a.setGatewayAppId("g".repeat(257)).setTproxyAppId("g".repeat(257)));
    expected
        .verify(
            app.answer().setGatewayAppId("g".repeat(256)).setTproxyAppId("g".repeat(256)).build())
        .close();
  }

  @Test
  void refusesAnotherGatewayThanTheExpectedOne() {
    ExpectedKeys strict = new ExpectedKeys(app.id(), app.kms(), Optional.of("gateway-2"));
    refuses(strict, FetchRefusal.OTHER_GATEWAY, a -> a);
    refuses(strict, FetchRefusal.OTHER_GATEWAY, a -> a.clearGatewayAppId().clearTproxyAppId());
    new ExpectedKeys(app.id(), app.kms(), Optional.of("gateway-1"))
        .verify(app.answer().build())
        .close();
  }
}
