package dstack.kms.core.derivation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dstack.kms.core.bootinfo.AppId;
import dstack.kms.core.bootinfo.InstanceId;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.crypto.Hkdf;
import dstack.kms.core.crypto.Keccak;
import dstack.kms.core.crypto.KeyVectors;
import dstack.kms.core.crypto.P256PrivateKey;
import dstack.kms.core.crypto.RecoverableSignature;
import dstack.kms.core.crypto.Secp256k1PrivateKey;
import dstack.kms.core.secret.Secret;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

class KeyDerivationTest {
  /** Every application of every root. */
  static Stream<Arguments> apps() {
    return KeyVectors.each("roots")
        .flatMap(
            root ->
                root.get("apps")
                    .valueStream()
                    .map(
                        app ->
                            Arguments.of(
                                Named.of("root " + root.get("name").stringValue(), root),
                                Named.of(app.get("name").stringValue(), app))));
  }

  static RootKeys rootKeys(JsonNode root) {
    try (Secret ca = KeyVectors.secret(root.get("root_ca"), "scalar");
        Secret k256 = KeyVectors.secret(root.get("root_k256"), "scalar")) {
      return new RootKeys(P256PrivateKey.ofScalar(ca), Secp256k1PrivateKey.ofScalar(k256));
    }
  }

  private static AppId appId(JsonNode app) {
    return new AppId(KeyVectors.bytes(app, "app_id"));
  }

  private static InstanceId instanceId(JsonNode app) {
    return new InstanceId(KeyVectors.bytes(app, "instance_id"));
  }

  @ParameterizedTest
  @MethodSource("apps")
  void derivesTheDiskKeyOfTheVectors(JsonNode root, JsonNode app) {
    JsonNode disk = app.get("disk");
    assertThat(new DerivationContext.DiskCryptKey(appId(app), instanceId(app)).info())
        .isEqualTo(KeyVectors.bytes(disk, "info"));
    try (RootKeys roots = rootKeys(root);
        Secret key = new KeyDerivation(roots).diskCryptKey(appId(app), instanceId(app))) {
      assertThat(KeyVectors.hex(key)).isEqualTo(KeyVectors.text(disk, "disk_crypt_key"));
    }
  }

  @ParameterizedTest
  @MethodSource("apps")
  void derivesTheEnvironmentKeysOfTheVectorsUnclamped(JsonNode root, JsonNode app) {
    JsonNode env = app.get("env");
    assertThat(new DerivationContext.EnvCryptKey(appId(app)).info())
        .isEqualTo(KeyVectors.bytes(env, "info"));
    try (RootKeys roots = rootKeys(root)) {
      KeyDerivation derivation = new KeyDerivation(roots);
      try (Secret key = derivation.envCryptKey(appId(app))) {
        assertThat(KeyVectors.hex(key)).isEqualTo(KeyVectors.text(env, "env_crypt_key"));
      }
      assertThat(derivation.envPublicKey(appId(app)))
          .isEqualTo(KeyVectors.bytes(env, "public_key"));
    }
  }

  @ParameterizedTest
  @MethodSource("apps")
  void signsTheEnvironmentKeyLikeTheVectors(JsonNode root, JsonNode app) {
    JsonNode response = app.get("env_pubkey_response");
    long timestamp = response.get("timestamp").longValue();
    Bytes publicKey = KeyVectors.bytes(response, "public_key");
    assertThat(SignedStatement.envPublicKey(appId(app), publicKey).preimage())
        .isEqualTo(KeyVectors.bytes(response, "message_v0"));
    assertThat(SignedStatement.envPublicKeyAt(appId(app), timestamp, publicKey).preimage())
        .isEqualTo(KeyVectors.bytes(response, "message_v1"));
    try (RootKeys roots = rootKeys(root)) {
      KeyDerivation derivation = new KeyDerivation(roots);
      assertThat(derivation.envPublicKeySignature(appId(app)).value())
          .isEqualTo(KeyVectors.bytes(response, "signature"));
      assertThat(derivation.envPublicKeySignatureV1(appId(app), timestamp).value())
          .isEqualTo(KeyVectors.bytes(response, "signature_v1"));
    }
  }

  @ParameterizedTest
  @MethodSource("apps")
  void derivesAndSignsTheAppKeyOfTheVectors(JsonNode root, JsonNode app) {
    JsonNode k256 = app.get("k256");
    assertThat(new DerivationContext.AppKey(appId(app)).info())
        .isEqualTo(KeyVectors.bytes(k256, "info"));
    try (RootKeys roots = rootKeys(root);
        IssuedAppKey issued = new KeyDerivation(roots).issuedAppKey(appId(app));
        Secret scalar = issued.key().scalar()) {
      assertThat(KeyVectors.hex(scalar)).isEqualTo(KeyVectors.text(k256, "k256_key"));
      assertThat(issued.key().publicKey().compressed())
          .isEqualTo(KeyVectors.bytes(k256, "public_key_compressed"));
      assertThat(issued.signature().value())
          .isEqualTo(KeyVectors.bytes(k256, "k256_signature"))
          .isEqualTo(new KeyDerivation(roots).appK256Signature(appId(app)).value());
    }
  }

  @ParameterizedTest
  @MethodSource("apps")
  void derivesTheAppCaKeyOfTheVectors(JsonNode root, JsonNode app) {
    JsonNode ca = app.get("app_ca");
    assertThat(new DerivationContext.AppCa(appId(app)).info())
        .isEqualTo(KeyVectors.bytes(ca, "info"));
    try (RootKeys roots = rootKeys(root);
        P256PrivateKey key = new KeyDerivation(roots).appCaKey(appId(app));
        Secret der = key.pkcs8Der()) {
      assertThat(KeyVectors.hex(der)).isEqualTo(KeyVectors.text(ca, "pkcs8"));
      assertThat(key.publicKey().subjectPublicKeyInfo()).isEqualTo(KeyVectors.bytes(ca, "spki"));
    }
  }

  /** Specification 03 §7: the chain that applications show still ends in the root. */
  @ParameterizedTest
  @MethodSource("apps")
  void keepsTheSignatureChainOfTheGuestValid(JsonNode root, JsonNode app) {
    JsonNode guest = app.get("guest_get_key");
    Bytes path = Bytes.utf8(KeyVectors.text(guest, "path_utf8"));
    try (RootKeys roots = rootKeys(root);
        Secp256k1PrivateKey appKey = new KeyDerivation(roots).appK256Key(appId(app));
        Secret appScalar = appKey.scalar();
        Secret derived = Hkdf.derive(appScalar, path, 32)) {
      assertThat(KeyVectors.hex(derived)).isEqualTo(KeyVectors.text(guest, "key"));
      Bytes digest = Keccak.keccak256(Bytes.utf8(KeyVectors.text(guest, "message_utf8")));
      JsonNode chain = guest.get("signature_chain");
      assertThat(appKey.signDigest(digest).value().hex()).isEqualTo(chain.get(0).stringValue());
      Bytes statement = SignedStatement.issued(appId(app), appKey.publicKey()).digest();
      RecoverableSignature issued =
          new RecoverableSignature(Bytes.fromHex(chain.get(1).stringValue()));
      assertThat(issued.signerOf(statement)).contains(roots.k256().publicKey());
    }
  }

  @Test
  void hashesThePkcs8FormOfTheUpstreamVectorNotTheScalar() {
    JsonNode upstream = KeyVectors.document().get("upstream_derive_dh_secret");
    Bytes info =
        Bytes.concat(
            Bytes.fromHex(upstream.get("info_parts").get(0).stringValue()),
            Bytes.fromHex(upstream.get("info_parts").get(1).stringValue()));
    try (Secret root = KeyVectors.secret(upstream, "root_scalar");
        Secret derived = Hkdf.derive(root, info, 32);
        P256PrivateKey key = P256PrivateKey.ofScalar(derived);
        Secret der = key.pkcs8Der()) {
      assertThat(KeyVectors.hex(derived)).isEqualTo(KeyVectors.text(upstream, "derived_scalar"));
      assertThat(KeyVectors.hex(der)).isEqualTo(KeyVectors.text(upstream, "derived_pkcs8"));
      assertThat(der.sha256()).isEqualTo(KeyVectors.bytes(upstream, "secret"));
    }
  }

  @Test
  void derivesNothingOnceTheRootsAreClosed() {
    JsonNode root = KeyVectors.each("roots").findFirst().orElseThrow();
    RootKeys roots = rootKeys(root);
    KeyDerivation derivation = new KeyDerivation(roots);
    roots.close();
    AppId app = new AppId(Bytes.zeros(20));
    assertThatThrownBy(() -> derivation.envCryptKey(app)).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> derivation.appCaKey(app)).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> derivation.appK256Key(app)).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void makesTheReportDataOfTheBootstrapVectors() {
    KeyVectors.each("roots")
        .forEach(
            root -> {
              try (RootKeys roots = rootKeys(root)) {
                assertThat(roots.bootstrapReportData().value())
                    .isEqualTo(KeyVectors.bytes(root.get("bootstrap_report_data"), "report_data"));
              }
            });
  }
}
