package dstack.kms.onboard.epoch;

import static org.assertj.core.api.Assertions.assertThat;

import dstack.kms.core.audit.AuditTrail;
import dstack.kms.core.bootinfo.AppId;
import dstack.kms.core.bootinfo.InstanceId;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.config.ConfigSources;
import dstack.kms.core.config.KmsConfig;
import dstack.kms.core.crypto.P256PrivateKey;
import dstack.kms.core.crypto.Secp256k1PrivateKey;
import dstack.kms.core.derivation.KeyDerivation;
import dstack.kms.core.derivation.RootKeys;
import dstack.kms.core.secret.Secret;
import dstack.kms.core.store.KeyStore;
import dstack.kms.core.store.SetUp;
import dstack.kms.core.store.StoredState;
import dstack.kms.onboard.testing.Folders;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** T-42: epoch 0 is the original, bit for bit, and every other epoch shares nothing with it. */
class EpochDerivationTest {
  @TempDir Path folder;

  @Test
  void t42_epochZeroDerivesTheVectorsWithAndWithoutOtherEpochsBesideIt() throws IOException {
    JsonNode root = Generation.vectors(0);
    Generation.ofVectors(root)
        .material(material -> KeyStore.open(folder).create(material, SetUp.BOOTSTRAP));
    Map<String, String> before = Folders.contents(folder);
    assertDerives(0, root);

    Generation.ofVectors(Generation.vectors(1))
        .material(material -> open(1).create(material, SetUp.BOOTSTRAP));

    assertDerives(0, root);
    assertDerives(1, Generation.vectors(1));
    assertThat(Folders.contents(folder)).containsAllEntriesOf(before);
    Folders.delete(folder.resolve("epochs"));
    assertThat(Folders.contents(folder)).isEqualTo(before);
  }

  @Test
  void t42_epochOneDiffersInEveryDerivedValue() {
    Generation.fresh()
        .material(material -> KeyStore.open(folder).create(material, SetUp.BOOTSTRAP));
    Generation.fresh().material(material -> open(1).create(material, SetUp.BOOTSTRAP));

    for (JsonNode app : Generation.vectors(0).get("apps")) {
      assertThat(derived(0, app)).doesNotContainAnyElementsOf(derived(1, app));
    }
  }

  private void assertDerives(int epoch, JsonNode root) {
    for (JsonNode app : root.get("apps")) {
      assertThat(derived(epoch, app))
          .containsExactly(
              app.get("disk").get("disk_crypt_key").stringValue(),
              app.get("env").get("env_crypt_key").stringValue(),
              app.get("env").get("public_key").stringValue(),
              app.get("env_pubkey_response").get("signature").stringValue(),
              app.get("k256").get("k256_key").stringValue(),
              app.get("k256").get("k256_signature").stringValue(),
              app.get("app_ca").get("scalar").stringValue());
    }
  }

  private List<String> derived(int epoch, JsonNode node) {
    AppId app = new AppId(Bytes.fromHex(node.get("app_id").stringValue()));
    InstanceId instance = new InstanceId(Bytes.fromHex(node.get("instance_id").stringValue()));
    StoredState.Complete state = (StoredState.Complete) open(epoch).read(Optional.empty());
    try (var material = state.material();
        RootKeys roots =
            new RootKeys(
                P256PrivateKey.fromPkcs8Pem(material.keys().rootCa()),
                Secp256k1PrivateKey.ofScalar(material.keys().k256()))) {
      KeyDerivation keys = new KeyDerivation(roots);
      return List.of(
          hex(keys.diskCryptKey(app, instance)),
          hex(keys.envCryptKey(app)),
          keys.envPublicKey(app).hex(),
          keys.envPublicKeySignature(app).value().hex(),
          hex(keys.appK256Key(app).scalar()),
          keys.appK256Signature(app).value().hex(),
          hex(keys.appCaKey(app).scalar()));
    }
  }

  private static String hex(Secret secret) {
    try (secret) {
      return secret.expose(raw -> Bytes.of(raw).hex());
    }
  }

  private KeyStore open(int epoch) {
    KmsConfig config =
        KmsConfig.load(
            ConfigSources.none()
                .withFlags(
                    Map.of(
                        "core.cert_dir", folder.toString(),
                        "core.epoch", Integer.toString(epoch))));
    return EpochStores.open(config, InstantSource.system(), AuditTrail.none());
  }
}
