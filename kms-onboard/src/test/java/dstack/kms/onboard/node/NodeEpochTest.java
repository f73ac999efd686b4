package dstack.kms.onboard.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.bytes.Digests;
import dstack.kms.core.crypto.Keccak;
import dstack.kms.core.crypto.RecoverableSignature;
import dstack.kms.core.crypto.Secp256k1PrivateKey;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.core.secret.Secret;
import dstack.kms.onboard.epoch.EpochEndorsement;
import dstack.kms.onboard.testing.ClientCertificate;
import dstack.kms.onboard.testing.Curl;
import dstack.kms.onboard.testing.Folders;
import dstack.kms.onboard.testing.TestNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** T-42: whole nodes of two generations on one volume. */
@Timeout(300)
class NodeEpochTest {
  private static final String BOOTSTRAP = "/prpc/Onboard.Bootstrap?json";
  private static final String DOMAIN = "{\"domain\":\"127.0.0.1\"}";

  @TempDir Path folder;
  private TestNode bench;

  @BeforeEach
  void bootstrapEpochZero() throws IOException {
    bench = TestNode.in(folder);
    bench.start(Map.of("core.onboard.auto_bootstrap_domain", "127.0.0.1")).close();
  }

  @AfterEach
  void close() throws IOException {
    bench.close();
  }

  @Test
  void t42_aNodeOfEpochOneIsSetUpBesideEpochZeroAndNeverTouchesIt() throws Exception {
    Map<String, String> before = epochZero();
    JsonNode made;
    JsonNode meta;
    try (NodeRunner node = bench.start(Map.of("core.epoch", "1"))) {
      assertThat(node.state()).isInstanceOf(NodeState.SettingUp.class);
      made = json(Curl.run("-d", DOMAIN, bench.http(BOOTSTRAP)));
      assertThat(Curl.run(bench.http("/finish")).body()).isEqualTo("OK");
      TestNode.ready(node);
      meta = json(Curl.run("-k", bench.https("/prpc/GetMeta?json")));
      assertThat(meta.get("k256_pubkey")).isEqualTo(made.get("k256_pubkey"));
      assertReleasesOneEpochOnly(meta);
      assertThat(Curl.run(TestNode.operations(node, "/metrics")).body()).contains("kms_epoch 1");
    }
    assertThat(before).containsKey("root-k256.key");
    assertThat(epochZero()).isEqualTo(before);

    try (NodeRunner node = bench.start(Map.of())) {
      TestNode.ready(node);
      JsonNode old = json(Curl.run("-k", bench.https("/prpc/GetMeta?json")));
      assertThat(old.get("k256_pubkey")).isNotEqualTo(meta.get("k256_pubkey"));
      assertThat(old.get("ca_cert")).isNotEqualTo(meta.get("ca_cert"));
      endorsement().requireFrom(new dstack.kms.core.crypto.Secp256k1PublicKey(k256(old)));
      assertReleasesOneEpochOnly(old);
    }
  }

  @Test
  void t42_anEpochBootstrapsOnceAndStaysWhatItIs() throws Exception {
    Map<String, String> flags =
        Map.of("core.epoch", "1", "core.onboard.auto_bootstrap_domain", "127.0.0.1");
    JsonNode first;
    try (NodeRunner node = bench.start(flags)) {
      TestNode.ready(node);
      first = json(Curl.run("-k", bench.https("/prpc/GetMeta?json"))).get("k256_pubkey");
    }
    try (NodeRunner node = bench.start(flags)) {
      TestNode.ready(node);
      assertThat(json(Curl.run("-k", bench.https("/prpc/GetMeta?json"))).get("k256_pubkey"))
          .isEqualTo(first);
    }
  }

  @Test
  void t42_aNodeDoesNotStartOnACopiedEpochOrOverAGap() throws Exception {
    bench
        .start(Map.of("core.epoch", "1", "core.onboard.auto_bootstrap_domain", "127.0.0.1"))
        .close();
    assertThatThrownBy(() -> bench.start(Map.of("core.epoch", "3")))
        .isInstanceOf(RefusalException.class)
        .hasMessageContaining("there are no keys of epoch 2 to make it from");

    Folders.copy(bench.certs().resolve("epochs/1"), bench.certs().resolve("epochs/2"));

    assertThatThrownBy(() -> bench.start(Map.of("core.epoch", "2")))
        .isInstanceOf(RefusalException.class)
        .hasMessageContaining("the endorsement is of epoch 1, not of epoch 2");
  }

  /** The CA and the k256 root behind what an application gets are those of GetMeta. */
  private void assertReleasesOneEpochOnly(JsonNode meta) throws IOException {
    ClientCertificate client = ClientCertificate.attested(folder, bench.machine().guest());
    JsonNode keys =
        json(
            Curl.run(
                "-k",
                "--cert",
                client.certificate().toString(),
                "--key",
                client.key().toString(),
                "-d",
                "{\"api_version\":1}",
                bench.https("/prpc/GetAppKey?json")));
    assertThat(keys.get("ca_cert")).isEqualTo(meta.get("ca_cert"));
    Bytes app = bench.machine().bootInfo().appId().value();
    try (Secret scalar = Secret.takeOver(Bytes.fromHex(keys.get("k256_key").asString()).toArray());
        Secp256k1PrivateKey key = Secp256k1PrivateKey.ofScalar(scalar)) {
      Bytes digest =
          Keccak.keccak256(Bytes.utf8("dstack-kms-issued:"), app, key.publicKey().compressed());
      RecoverableSignature signature =
          new RecoverableSignature(Bytes.fromHex(keys.get("k256_signature").asString()));
      assertThat(signature.signerOf(digest).orElseThrow().compressed()).isEqualTo(k256(meta));
    }
  }

  /** Its files but for the audit log, which is one for all epochs; digests, as they are secret. */
  private Map<String, String> epochZero() throws IOException {
    Map<String, String> files = new HashMap<>();
    Folders.contents(bench.certs())
        .forEach((name, content) -> files.put(name, Digests.sha256(Bytes.utf8(content)).hex()));
    files.keySet().removeIf(name -> name.startsWith("epochs/") || name.startsWith("audit/"));
    return files;
  }

  private EpochEndorsement endorsement() throws IOException {
    return EpochEndorsement.parse(
        Files.readString(bench.certs().resolve("epochs/1/epoch-endorsement.json")));
  }

  private static Bytes k256(JsonNode meta) {
    return Bytes.fromHex(meta.get("k256_pubkey").asString());
  }

  private static JsonNode json(Curl.Reply reply) {
    assertThat(reply.status()).as(reply.body()).isEqualTo(200);
    return JsonMapper.shared().readTree(reply.body());
  }
}
