package dstack.kms.cli.epoch;

import static org.assertj.core.api.Assertions.assertThat;

import dstack.kms.cli.Run;
import dstack.kms.core.audit.AuditTrail;
import dstack.kms.core.certificate.Certificates;
import dstack.kms.core.config.ConfigSources;
import dstack.kms.core.config.KmsConfig;
import dstack.kms.core.store.CertificateSet;
import dstack.kms.core.store.KeyMaterial;
import dstack.kms.core.store.KeySet;
import dstack.kms.core.store.SetUp;
import dstack.kms.onboard.certificates.CertificateIssuer;
import dstack.kms.onboard.certificates.RpcDomain;
import dstack.kms.onboard.certificates.SigningKeys;
import dstack.kms.onboard.epoch.EpochStores;
import dstack.kms.testkit.Vectors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code kms epoch} over stores whose epochs have the two root sets of the key vectors. */
final class EpochCommandsTest {
  private static final JsonNode ROOTS = Vectors.json("keys.json").get("roots");

  @TempDir private Path folder;

  @BeforeEach
  void storeTwoEpochs() {
    store(0);
    store(1);
  }

  @Test
  void listsEveryEpochWithWhatItIsKnownBy() {
    Run run = epoch("list", "--json");

    assertThat(run.status()).as(run.err()).isZero();
    JsonNode epochs = JsonMapper.shared().readTree(run.out()).get("epochs");
    assertThat(epochs.size()).isEqualTo(2);
    for (int number : new int[] {0, 1}) {
      JsonNode found = epochs.get(number);
      assertThat(found.get("key_provider_id").asString())
          .isEqualTo(ROOTS.get(number).get("root_ca").get("spki").stringValue());
      assertThat(found.get("k256_pubkey").asString()).isEqualTo(k256(number));
      assertThat(found.get("finding").asString()).isEqualTo("good");
    }
    assertThat(epochs.get(1).get("endorsed_by").asString()).isEqualTo(k256(0));
    assertThat(run.out()).doesNotContain(ROOTS.get(0).get("root_k256").get("scalar").stringValue());
  }

  @Test
  void endsWithOneWhereANodeWouldNotServeAnEpoch() throws IOException {
    Files.delete(endorsement());

    Run run = epoch("list");

    assertThat(run.status()).isEqualTo(1);
    assertThat(run.out()).contains("finding: keys of epoch 1 need ");
  }

  @Test
  void namesTheConcreteValuesThatArePinned() throws IOException {
    JsonNode app = ROOTS.get(1).get("apps").get(0);
    String id = app.get("app_id").stringValue();
    Path log = Files.createDirectories(folder.resolve("audit"));
    Files.writeString(
        log.resolve("audit-000000000000.jsonl"),
        line("node-started", "{\"epoch\":\"0\"}", "1", "")
            + line("app-key", "{}", "2", "99".repeat(20))
            + line("node-started", "{\"epoch\":\"1\"}", "3", "")
            + line("app-key", "{}", "4", id)
            + line("app-certificate", "{}", "5", id)
            + line("app-key", "{}", "6", id).replace("allowed", "refused"));

    Run run = epoch("pins", "--epoch", "1", "--json", "--app-id", "88".repeat(20));

    assertThat(run.status()).as(run.err()).isZero();
    JsonNode answer = JsonMapper.shared().readTree(run.out());
    assertThat(answer.get("apps").size()).isEqualTo(2);
    JsonNode instance = answer.get("apps").get(0).get("instances").get(0);
    assertThat(instance.get("releases").asInt()).isEqualTo(2);
    assertThat(instance.get("last").asString()).isEqualTo("2026-11-21T17:00:05.000Z");
    assertThat(run.out())
        .contains(
            "0x" + k256(1),
            ROOTS.get(1).get("root_ca").get("spki").stringValue(),
            app.get("env").get("public_key").stringValue(),
            app.get("k256").get("public_key_compressed").stringValue())
        .doesNotContain("99".repeat(20));
  }

  @Test
  void refusesToListPinsOfAnEpochThatIsNotHere() {
    Run run = epoch("pins", "--epoch", "7", "--json");

    assertThat(run.status()).isEqualTo(1);
    assertThat(run.out()).contains("\"code\":\"epoch-skipped\"");
  }

  @Test
  void verifiesAnEndorsementAgainstTheTrustedRootOnly() throws IOException {
    String file = endorsement().toString();

    assertThat(Run.of("epoch", "verify", file, "--from", k256(0)).out()).contains(k256(1));
    Run foreign = Run.of("epoch", "verify", file, "--from", k256(1), "--json");
    assertThat(foreign.status()).isEqualTo(1);
    assertThat(foreign.out()).contains("\"code\":\"epoch-endorsement-signature\"");
    assertThat(Run.of("epoch", "verify", file).status()).isEqualTo(2);
    assertThat(Run.of("epoch", "verify", file, "--from", "0011").status()).isEqualTo(1);
    Files.writeString(endorsement(), Files.readString(endorsement()) + "\n");
    Run altered = Run.of("epoch", "verify", file, "--from", k256(0), "--json");
    assertThat(altered.out()).contains("\"code\":\"epoch-endorsement-malformed\"");
  }

  @Test
  void changesNothing() throws IOException {
    Path pending = endorsement().resolveSibling(".epoch-endorsement.pending");
    Files.move(endorsement(), pending);

    epoch("list");
    epoch("pins", "--epoch", "1");

    assertThat(pending).exists();
    assertThat(endorsement()).doesNotExist();
  }

  private Run epoch(String... arguments) {
    String[] all = new String[arguments.length + 3];
    all[0] = "epoch";
    System.arraycopy(arguments, 0, all, 1, arguments.length);
    all[arguments.length + 1] = "--set";
    all[arguments.length + 2] = "core.cert_dir=" + folder;
    return Run.of(all);
  }

  private Path endorsement() {
    return folder.resolve("epochs/1/epoch-endorsement.json");
  }

  private static String k256(int number) {
    return ROOTS.get(number).get("root_k256").get("public_key_compressed").stringValue();
  }

  private static String line(String kind, String facts, String second, String app) {
    String info =
        app.isEmpty() ? "null" : "{\"appId\":\"" + app + "\",\"instanceId\":\"" + app + "\"}";
    return "{\"v\":1,\"time\":\"2026-11-21T17:00:0"
        + second
        + ".000Z\",\"kind\":\""
        + kind
        + "\",\"outcome\":\"allowed\",\"bootInfo\":"
        + info
        + ",\"facts\":"
        + facts
        + "}\n";
  }

  private void store(int epoch) {
    JsonNode root = ROOTS.get(epoch);
    KmsConfig config =
        KmsConfig.load(
            ConfigSources.none()
                .withFlags(Map.of("core.cert_dir", folder.toString(), "core.epoch", "" + epoch)));
    try (KeyMaterial material = material(root)) {
      EpochStores.open(config, InstantSource.system(), AuditTrail.none())
          .create(material, SetUp.BOOTSTRAP);
    }
  }

  private static KeyMaterial material(JsonNode root) {
    try (SigningKeys fresh = SigningKeys.generate(new SecureRandom());
        var ca = VectorKeys.p256(root.get("root_ca"))) {
      SigningKeys keys = new SigningKeys(ca, fresh.tmpCa(), fresh.rpc());
      CertificateSet certificates =
          new CertificateIssuer(
                  new Certificates(InstantSource.system()), VectorKeys.noQuotes(), false)
              .issue(keys, new RpcDomain("kms.example.org"));
      KeySet set =
          new KeySet(
              keys.rootCa().pkcs8Pem(),
              keys.tmpCa().pkcs8Pem(),
              keys.rpc().pkcs8Pem(),
              VectorKeys.scalar(root.get("root_k256")));
      return new KeyMaterial(set, certificates, "kms.example.org", Optional.empty());
    }
  }
}
