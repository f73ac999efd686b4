package dstack.kms.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Keys go to clients that openssl and curl are, and only with evidence bound to their TLS key. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class KeyReleaseTest {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final String APP = "1111111111111111111111111111111111111111";
  private static final String INSTANCE = "3333333333333333333333333333333333333333";
  private static final String[] IDENTITY = {"--app-id", APP, "--instance-id", INSTANCE};

  private Path folder;
  private Host host;
  private Webhook webhook;
  private Background server;
  private Path root;
  private ClientKey key;
  private Path evidence;

  @BeforeAll
  void bootstrap(@TempDir Path shared) {
    folder = shared;
    host = new Host(folder);
    webhook = new Webhook();
    server =
        host.serve(
            PublishedConfig.CURRENT.toml,
            Map.of(
                "KMS_CORE_AUTH_API_WEBHOOK_URL", webhook.url(), "KMS_CORE_IMAGE_VERIFY", "false"));
    host.curl(host.url("http", "/prpc/Bootstrap?json"), "-d", "{\"domain\":\"localhost\"}")
        .success();
    host.curl(host.url("http", "/finish")).success();
    root = host.certificates.resolve("root-ca.crt");
    key = new ClientKey(folder, "client");
    evidence = host.attest("client.evidence", key.reportData(), IDENTITY);
  }

  @BeforeEach
  void allow() {
    webhook.allow();
    webhook.requests.clear();
  }

  @AfterAll
  void stop() {
    server.close();
    webhook.close();
    host.close();
  }

  @Test
  void aCertificateFromTheTempCaGetsTheKeysThatAnIndependentDerivationGives() throws Exception {
    JsonNode temp = JSON.readTree(post("GetTempCaCert", "null", List.of()).success());
    Path caCertificate =
        Files.writeString(folder.resolve("temp.crt"), temp.get("temp_ca_cert").stringValue());
    Path caKey =
        Files.writeString(folder.resolve("temp.key"), temp.get("temp_ca_key").stringValue());
    String answer = getAppKey(key, key.issuedBy(caCertificate, caKey, evidence)).success();
    assertThat(NodeClient.run("app-key.mjs", answer, host.certificates.toString(), APP, INSTANCE))
        .isEqualTo("ok\n");
  }

  @Test
  void aSelfIssuedCertificateGetsTheSameKeys() {
    String answer = getAppKey(key, key.selfIssued(evidence)).success();
    assertThat(NodeClient.run("app-key.mjs", answer, host.certificates.toString(), APP, INSTANCE))
        .isEqualTo("ok\n");
    assertThat(webhook.requests)
        .hasSize(2)
        .anySatisfy(self -> assertThat(self).startsWith("/bootAuth/kms {"))
        .anySatisfy(
            app ->
                assertThat(app)
                    .startsWith(
                        "/bootAuth/app"
                            + " {\"teeVariant\":\"dstack-tdx\",\"attestationMode\":\"dstack-tdx\",")
                    .contains("\"appId\":\"" + APP + "\"", "\"tcbStatus\":\"UpToDate\""));
  }

  @Test
  void theGuestsGetCallWithoutABodyWorksToo() {
    Program answer =
        host.curl(
            "--cacert",
            root.toString(),
            "--cert",
            key.selfIssued(evidence).toString(),
            "--key",
            key.key.toString(),
            host.url("https", "/prpc/KMS.GetAppKey"));
    assertThat(
            NodeClient.run(
                "app-key.mjs", answer.success(), host.certificates.toString(), APP, INSTANCE))
        .isEqualTo("ok\n");
  }

  @Test
  void refusesWithoutACertificate() {
    assertThat(post("GetAppKey", "{\"api_version\":1}", List.of()).success())
        .isEqualTo("{\n  \"error\": \"App not allowed: No attestation provided\"\n}");
  }

  @Test
  void t01_refusesEvidenceThatBelongsToAnotherKey() {
    ClientKey thief = new ClientKey(folder, "thief");
    assertThat(getAppKey(thief, thief.selfIssued(evidence)).success())
        .contains("\"error\": \"invalid quote: report data mismatch\"");
  }

  @Test
  void refusesWhenThePolicyDenies() {
    webhook.deny("Compose hash not allowed");
    assertThat(getAppKey(key, key.selfIssued(evidence)).success())
        .contains(
            "\"error\": \"KMS self authorization failed: KMS is not allowed: Compose hash not"
                + " allowed\"");
  }

  @Test
  void refusesATamperedQuote() throws Exception {
    byte[] bytes = Files.readAllBytes(evidence);
    bytes[700] ^= 1;
    Path tampered = Files.write(folder.resolve("tampered.evidence"), bytes);
    assertThat(getAppKey(key, key.selfIssued(tampered)).success())
        .contains("\"error\": \"invalid quote: ");
  }

  @Test
  void thePublishedSdkVerifiesBothSignaturesAndItsCiphertextOpensWithTheDerivedKey() {
    JsonNode released = JSON.readTree(getAppKey(key, key.selfIssued(evidence)).success());
    String answer =
        post("GetAppEnvEncryptPubKey", "{\"app_id\":\"0x" + APP + "\"}", List.of()).success();
    String rootKey =
        JSON.readTree(post("GetMeta", "{}", List.of()).success()).get("k256_pubkey").stringValue();
    assertThat(
            NodeClient.run(
                "sdk.mjs", answer, APP, rootKey, released.get("env_crypt_key").stringValue()))
        .isEqualTo("ok\n");
  }

  @Test
  void aRequestWrittenFromTheDocumentsGetsACertificateThatOpensslVerifies() throws Exception {
    String request =
        NodeClient.run(
            "sign-request.mjs",
            "",
            key.key.toString(),
            evidence.toString(),
            "app.example",
            "app.example");
    JsonNode chain =
        JSON.readTree(post("SignCert", request, List.of()).success()).get("certificate_chain");
    assertThat(chain.size()).isEqualTo(3);
    Path leaf = Files.writeString(folder.resolve("leaf.crt"), chain.get(0).stringValue());
    Path appCa = Files.writeString(folder.resolve("app-ca.crt"), chain.get(1).stringValue());
    assertThat(chain.get(2).stringValue()).isEqualTo(Host.read(root));
    Program verified =
        Program.run(
            List.of(
                "openssl",
                "verify",
                "-CAfile",
                root.toString(),
                "-untrusted",
                appCa.toString(),
                "-verify_hostname",
                "app.example",
                leaf.toString()));
    assertThat(verified.success()).endsWith("leaf.crt: OK\n");
  }

  @Test
  void sClientCompletesTheHandshakeWithEvidenceOf64KiB() throws Exception {
    byte[] large = new byte[60_000];
    large[0] = 0x7f;
    Path junk = Files.write(folder.resolve("large.evidence"), large);
    Program answer =
        host.curl(
            "--cacert",
            root.toString(),
            "--cert",
            key.selfIssued(junk).toString(),
            "--key",
            key.key.toString(),
            host.url("https", "/prpc/GetMeta?json"),
            "-d",
            "{}");
    assertThat(answer.success()).contains("\"k256_pubkey\"");
    assertThat(getAppKey(key, key.selfIssued(junk)).success())
        .contains(
            "Failed to decode attestation from cert extension: Unknown attestation wire format");
  }

  private Program getAppKey(ClientKey client, Path certificate) {
    return post(
        "GetAppKey",
        "{\"api_version\":1,\"vm_config\":\"\"}",
        List.of("--cert", certificate.toString(), "--key", client.key.toString()));
  }

  private Program post(String method, String body, List<String> client) {
    List<String> arguments = new java.util.ArrayList<>(client);
    arguments.addAll(
        List.of(
            "--cacert",
            root.toString(),
            host.url("https", "/prpc/" + method + "?json"),
            "-d",
            body));
    return host.curl(arguments.toArray(String[]::new));
  }
}
