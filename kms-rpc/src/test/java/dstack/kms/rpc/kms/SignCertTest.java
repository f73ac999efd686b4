package dstack.kms.rpc.kms;

import static org.assertj.core.api.Assertions.assertThat;

import dstack.kms.attest.evidence.TdxEvidence;
import dstack.kms.attest.evidence.UnverifiedAttestation;
import dstack.kms.core.authority.Decision;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.certificate.AppInfoCodec;
import dstack.kms.core.certificate.KmsExtension;
import dstack.kms.core.certificate.KmsExtensions;
import dstack.kms.core.certificate.ParsedCertificate;
import dstack.kms.core.certificate.Pem;
import dstack.kms.core.crypto.P256PrivateKey;
import dstack.kms.core.csr.CsrConfig;
import dstack.kms.core.csr.CsrWriter;
import dstack.kms.core.reportdata.ReportData;
import dstack.kms.sim.fault.QuoteFault;
import dstack.kms.sim.fault.SimulatedFault;
import dstack.kms.testkit.Tool;
import dstack.kms.testkit.Vectors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Specification 04 §5.6 and 02 §7, with evidence of the simulated platform. */
final class SignCertTest {
  private static final CsrConfig CONFIG = config(List.of("a.example", "203.0.113.10"), null);

  @TempDir private Path folder;
  private final P256PrivateKey key = P256PrivateKey.generate(new SecureRandom());
  private TestNode node;

  @BeforeEach
  void start() {
    node = new TestNode(folder);
  }

  @AfterEach
  void stop() {
    node.close();
  }

  private static CsrConfig config(List<String> names, @Nullable Instant notAfter) {
    return new CsrConfig("Acme", "leaf.example", names, true, true, true, true, null, notAfter);
  }

  private Bytes spki() {
    return key.publicKey().subjectPublicKeyInfo();
  }

  private Bytes attestation(SimulatedFault... faults) {
    return node.platform.attest(TestNode.APP1, ReportData.ofCertificateKey(spki()), faults);
  }

  private Bytes version2(CsrConfig config, SimulatedFault... faults) {
    return CsrWriter.version2(spki(), config, attestation(faults));
  }

  private static String json(int version, Bytes csr, Bytes signature) {
    return json(version, csr, signature, "");
  }

  private static String json(int version, Bytes csr, Bytes signature, String vmConfig) {
    return "{\"api_version\":"
        + version
        + ",\"csr\":\""
        + csr.hex()
        + "\",\"signature\":\""
        + signature.hex()
        + "\",\"vm_config\":\""
        + vmConfig.replace("\"", "\\\"")
        + "\"}";
  }

  private JsonNode call(int version, Bytes csr, Bytes signature) {
    return CurlClient.anonymous(node).call("SignCert", bodyFile(json(version, csr, signature)));
  }

  /** Too long for an argument: curl reads it from a file. */
  private String bodyFile(String json) {
    try {
      return "@" + Files.writeString(Files.createTempFile(folder, "csr", ".json"), json);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private List<String> chain(int version, Bytes csr) {
    JsonNode answer = call(version, csr, key.sign(csr).toDer());
    assertThat(answer.has("error")).as(answer.toString()).isFalse();
    return answer.get("certificate_chain").valueStream().map(JsonNode::asString).toList();
  }

  private String error(int version, Bytes csr) {
    return error(version, csr, key.sign(csr).toDer());
  }

  private String error(int version, Bytes csr, Bytes signature) {
    return call(version, csr, signature).get("error").asString();
  }

  private static KmsExtensions extensions(String pem) {
    return new KmsExtensions(ParsedCertificate.parse(Pem.decode(pem)));
  }

  @Test
  void t20_signsNothingWhereThisNodeIsRevokedWhileAnImageIsVerified() {
    node.whileVerifyingImages =
        () -> {
          node.authority.kms = new Decision.Denied("revoked");
          node.passed.addAndGet(Duration.ofMinutes(5).toNanos());
        };
    assertThat(error(2, version2(CONFIG)))
        .isEqualTo("KMS self authorization failed: KMS is not allowed: revoked");
  }

  // ---- signed

  @Test
  void signsAChainThatOpensslVerifies() throws Exception {
    List<String> chain = chain(2, version2(CONFIG));
    assertThat(chain).hasSize(3);
    assertThat(chain.get(2)).isEqualTo(node.keys.rootCa().pem());
    Path leaf = Files.writeString(folder.resolve("leaf.pem"), chain.get(0));
    Path middle = Files.writeString(folder.resolve("app.pem"), chain.get(1));
    Path root = Files.writeString(folder.resolve("root.pem"), chain.get(2));
    String verdict =
        openssl(
            "verify",
            "-CAfile",
            root.toString(),
            "-untrusted",
            middle.toString(),
            "-verify_hostname",
            "a.example",
            leaf.toString());
    assertThat(verdict).contains("leaf.pem: OK");
    assertThat(
            openssl(
                "x509", "-in", leaf.toString(), "-noout", "-subject", "-ext", "extendedKeyUsage"))
        .contains("O = Acme, CN = leaf.example")
        .contains("TLS Web Server Authentication, TLS Web Client Authentication");
  }

  private static String openssl(String... arguments) throws Exception {
    List<String> command = new java.util.ArrayList<>();
    command.add(Tool.require("openssl").toString());
    command.addAll(List.of(arguments));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = Bytes.of(process.getInputStream().readAllBytes()).utf8Text();
    process.waitFor(10, TimeUnit.SECONDS);
    return output;
  }

  @Test
  void usesTheApplicationsKeyOfTheVectors() {
    JsonNode expected = Vectors.json("keys.json").get("roots").get(0).get("apps").get(0);
    ParsedCertificate appCa =
        ParsedCertificate.parse(Pem.decode(chain(2, version2(CONFIG)).get(1)));
    assertThat(appCa.spki().hex()).isEqualTo(expected.get("app_ca").get("spki").asString());
    assertThat(appCa.serial().hex())
        .isEqualTo(expected.get("app_ca").get("cert_serial").asString());
  }

  @Test
  void t18_neverIssuesTheUsageOfAKms() {
    KmsExtensions leaf = extensions(chain(2, version2(CONFIG)).get(0));
    assertThat(leaf.specialUsage()).contains("app:custom");
    assertThat(leaf.find(KmsExtension.APP_ID)).contains(TestNode.APP1.appId());
  }

  @Test
  void embedsStrippedEvidenceInItsContainerAndTheAppInfo() {
    Bytes given = attestation();
    KmsExtensions leaf = extensions(chain(2, CsrWriter.version2(spki(), CONFIG, given)).get(0));
    Bytes embedded = leaf.find(KmsExtension.ATTESTATION).orElseThrow();
    assertThat(embedded).isEqualTo(UnverifiedAttestation.decode(given).stripped().encode());
    assertThat(embedded.length()).isLessThan(given.length());
    var info = AppInfoCodec.decode(leaf.find(KmsExtension.APP_INFO).orElseThrow());
    assertThat(info.appId()).isEqualTo(TestNode.APP1.appId());
    assertThat(info.instanceId()).isEqualTo(TestNode.APP1.instanceId());
  }

  @Test
  void t33_certifiesTheImageThatTheAuthorityAllowedAndNotTheOneInTheEvidence() {
    Bytes csr = version2(CONFIG);
    String allowed = "ab".repeat(32);
    String request = json(2, csr, key.sign(csr).toDer(), "{\"os_image_hash\":\"" + allowed + "\"}");
    JsonNode answer = CurlClient.anonymous(node).call("SignCert", bodyFile(request));
    assertThat(node.authority.questions)
        .filteredOn(question -> question.kind().equals("app"))
        .singleElement()
        .satisfies(question -> assertThat(question.about().osImageHash().hex()).isEqualTo(allowed));
    KmsExtensions leaf = extensions(answer.get("certificate_chain").get(0).asString());
    var info = AppInfoCodec.decode(leaf.find(KmsExtension.APP_INFO).orElseThrow());
    assertThat(info.osImageHash().hex()).isEqualTo(allowed);
  }

  @Test
  void signsVersion1WithItsQuoteAndEventLog() {
    var guest = node.platform.boot(TestNode.APP1);
    Bytes quote = guest.quote(ReportData.ofCertificateKey(spki()));
    Bytes csr = CsrWriter.version1(spki(), CONFIG, quote, Bytes.utf8(guest.eventLogJson()));
    KmsExtensions leaf = extensions(chain(1, csr).get(0));
    assertThat(leaf.find(KmsExtension.APP_INFO)).isEmpty();
    UnverifiedAttestation embedded =
        UnverifiedAttestation.decode(leaf.find(KmsExtension.ATTESTATION).orElseThrow());
    assertThat(embedded.evidence()).isInstanceOf(TdxEvidence.class);
  }

  @Test
  void asksAboutTheMeasurementsAtBoot() {
    chain(2, version2(CONFIG));
    assertThat(node.authority.questions)
        .filteredOn(question -> question.kind().equals("app"))
        .singleElement()
        .satisfies(
            question -> assertThat(question.about().keyProviderInfo()).isEqualTo(Bytes.EMPTY));
  }

  // ---- refused

  @ParameterizedTest
  @ValueSource(ints = {0, 3, 255})
  void refusesOtherApiVersions(int version) {
    assertThat(error(version, version2(CONFIG))).isEqualTo("Unsupported API version: " + version);
  }

  @Test
  void refusesItselfFirst() {
    node.authority.kms = new Decision.Denied("revoked");
    assertThat(error(9, Bytes.EMPTY))
        .isEqualTo("KMS self authorization failed: KMS is not allowed: revoked");
  }

  @Test
  void refusesRequestsThatAreNotOfTheirForm() {
    Bytes csr = version2(CONFIG);
    assertThat(error(2, csr.slice(0, 40))).startsWith("Failed to parse csr: ");
    assertThat(error(1, csr)).startsWith("Failed to ");
    assertThat(error(2, Bytes.concat(csr, Bytes.zeros(1)))).startsWith("Failed to parse csr: ");
    assertThat(error(2, Bytes.EMPTY)).startsWith("Failed to parse csr: ");
  }

  /** Needs no certificate, no evidence and no authority, only a key of one's own. */
  @Test
  void refusesALogOfMillionsOfEmptyEventsBeforeItIsATree() {
    Bytes log = Bytes.utf8("[" + "{},".repeat(1_500_000) + "{}]");
    Bytes csr = CsrWriter.version1(spki(), CONFIG, Bytes.zeros(48), log);
    assertThat(error(1, csr))
        .isEqualTo("Failed to upgrade csr v1 to v2: Failed to parse tdx_event_log: invalid JSON");
    assertThat(node.authority.asked("app")).isZero();
  }

  @Test
  void refusesSignaturesThatAreNotByTheKeyOverTheBytes() {
    Bytes csr = version2(CONFIG);
    P256PrivateKey other = P256PrivateKey.generate(new SecureRandom());
    Bytes right = key.sign(csr).toDer();
    Bytes[] wrong = {
      other.sign(csr).toDer(),
      key.sign(Bytes.concat(csr, Bytes.zeros(1))).toDer(),
      right.slice(0, right.length() - 1),
      Bytes.concat(right, Bytes.zeros(1)),
      Bytes.EMPTY
    };
    for (Bytes signature : wrong) {
      assertThat(error(2, csr, signature))
          .isEqualTo("Failed to verify csr signature: Invalid signature");
    }
    assertThat(node.authority.asked("app")).isZero();
  }

  @Test
  void t01_refusesEvidenceOfAnotherKey() {
    Bytes foreign =
        node.platform.attest(
            TestNode.APP1,
            ReportData.ofCertificateKey(
                P256PrivateKey.generate(new SecureRandom()).publicKey().subjectPublicKeyInfo()));
    assertThat(error(2, CsrWriter.version2(spki(), CONFIG, foreign)))
        .isEqualTo("Quote verification failed: report data mismatch");
  }

  @ParameterizedTest
  @EnumSource(names = {"OTHER_ATTESTATION_KEY", "OTHER_PCK_KEY", "RTMR3_PATCHED_AFTER_SIGNING"})
  void refusesQuotesThatDoNotVerify(QuoteFault fault) {
    assertThat(error(2, version2(CONFIG, fault))).startsWith("Quote verification failed: ");
    assertThat(node.authority.asked("app")).isZero();
  }

  @Test
  void refusesWhatTheAuthorityDenies() {
    node.authority.app = new Decision.Denied("not in the list");
    assertThat(error(2, version2(CONFIG))).isEqualTo("Boot denied: not in the list");
  }

  @ParameterizedTest
  @ValueSource(strings = {"bad name", "", "ä.example", "a\u0000b"})
  void refusesNamesThatNoCertificateShouldCarry(String name) {
    assertThat(error(2, version2(config(List.of(name), null))))
        .startsWith("Failed to sign certificate: ");
  }

  @Test
  void refusesAValidityBeyondTenYears() {
    Instant late = TestNode.NOW.plusSeconds(3651L * 86_400);
    assertThat(error(2, version2(config(List.of(), late))))
        .startsWith("Failed to sign certificate: ");
  }
}
