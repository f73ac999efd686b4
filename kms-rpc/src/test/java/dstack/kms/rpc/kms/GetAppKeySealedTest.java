package dstack.kms.rpc.kms;

import static org.assertj.core.api.Assertions.assertThat;

import dstack.kms.core.audit.AuditLines;
import dstack.kms.core.audit.AuditLog;
import dstack.kms.core.authority.Decision;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.config.AuditConfig;
import dstack.kms.core.config.ReleaseConfig;
import dstack.kms.core.reportdata.ReportData;
import dstack.kms.rpc.tls.OddCertificate;
import dstack.kms.sim.fault.QuoteFault;
import dstack.kms.sim.platform.SimulatedIdentity;
import dstack.kms.testkit.Vectors;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** ADR 0019: the same release as GetAppKey, readable by the enclave in the evidence alone. */
@Timeout(180)
final class GetAppKeySealedTest {
  private static final SimulatedIdentity APP2 =
      TestNode.APP1.change().appId(Bytes.fromHex("22".repeat(20))).done();

  @TempDir private Path folder;
  private AuditLog audit;
  private TestNode node;
  private SealedClient enclave;

  @BeforeEach
  void start() {
    audit =
        AuditLog.open(
            new AuditConfig(true, List.of(folder.resolve("audit")), 1 << 20),
            folder,
            InstantSource.fixed(TestNode.NOW),
            new SecureRandom());
    node = new TestNode(folder, TestNode.Options.ordinary(folder), audit);
    enclave = new SealedClient(node, folder);
  }

  @AfterEach
  void stop() {
    node.close();
    audit.close();
  }

  private String error(Bytes publicKey, Bytes attestation) {
    JsonNode answer = enclave.call(publicKey, attestation);
    assertThat(answer.has("error")).as(answer.toString()).isTrue();
    return answer.get("error").asString();
  }

  // ---- released

  @Test
  void anotherImplementationOpensTheKeysOfTheVectorsAndNamesTheRootThatSigned() {
    JsonNode root = Vectors.json("keys.json").get("roots").get(0);
    JsonNode expected = root.get("apps").get(0);
    Bytes evidence = enclave.evidence(TestNode.APP1);
    JsonNode answer = enclave.call(enclave.publicKey, evidence);
    assertThat(answer.propertyNames()).containsExactly("sealed", "signature");
    JsonNode opened = enclave.open(answer, evidence, "", TestNode.APP1.appId());
    assertThat(opened.get("signer").asString())
        .isEqualTo(root.get("root_k256").get("public_key_compressed").asString());
    JsonNode keys = opened.get("keys");
    assertThat(keys.get("disk_crypt_key")).isEqualTo(expected.get("disk").get("disk_crypt_key"));
    assertThat(keys.get("env_crypt_key")).isEqualTo(expected.get("env").get("env_crypt_key"));
    assertThat(keys.get("k256_key")).isEqualTo(expected.get("k256").get("k256_key"));
    assertThat(keys.get("k256_signature")).isEqualTo(expected.get("k256").get("k256_signature"));
    assertThat(keys.get("ca_cert").asString()).isEqualTo(node.keys.rootCa().pem());
    assertThat(keys.get("gateway_app_id").asString()).isEqualTo("gateway-1");
  }

  @Test
  void recordsTheReleaseWithTheKeyThatItWentTo() {
    Bytes evidence = enclave.evidence(TestNode.APP1);
    assertThat(enclave.call(enclave.publicKey, evidence).has("sealed")).isTrue();
    JsonNode line = lastAppKeyLine();
    assertThat(line.get("outcome").stringValue()).isEqualTo("allowed");
    assertThat(line.at("/facts/sealed_to").stringValue()).isEqualTo(enclave.publicKey.hex());
    assertThat(line.at("/bootInfo/appId").stringValue()).isEqualTo("11".repeat(20));
    assertThat(line.get("evidence").stringValue()).hasSize(64);
  }

  @Test
  void t33_takesTheIdentityFromTheEvidenceInTheRequestAndFromNothingElse() {
    CurlClient asApp2 = CurlClient.guest(node, folder, APP2);
    Bytes evidence = enclave.evidence(TestNode.APP1);
    JsonNode answer = enclave.call(asApp2, SealedClient.request(enclave.publicKey, evidence, ""));
    JsonNode keys = enclave.open(answer, evidence, "", TestNode.APP1.appId()).get("keys");
    assertThat(keys.get("k256_key"))
        .isEqualTo(Vectors.json("keys.json").at("/roots/0/apps/0/k256/k256_key"));
    assertThat(node.authority.questions)
        .filteredOn(question -> question.kind().equals("app"))
        .allSatisfy(
            question ->
                assertThat(question.about().appId().value()).isEqualTo(TestNode.APP1.appId()));
  }

  // ---- relayed

  /** In this model the thief has the enclave's TLS key and its certificate with good evidence. */
  @Test
  void t01_whoHasTheTlsKeyGetsPlainKeysButCanNeitherOpenNorRedirectSealedOnes() {
    OddCertificate stolen = OddCertificate.p256();
    Bytes certified = node.evidence(TestNode.APP1, stolen.spki());
    stolen.extension(OddCertificate.EVIDENCE, false, certified.toArray());
    CurlClient thief = CurlClient.of(node, folder, stolen, stolen.build());
    assertThat(thief.call("GetAppKey", "{\"api_version\":1}").has("k256_key")).isTrue();

    SealedClient own = new SealedClient(node, folder);
    Bytes evidence = enclave.evidence(TestNode.APP1);
    JsonNode relayed = own.call(thief, SealedClient.request(enclave.publicKey, evidence, ""));
    assertThat(
            own.open(relayed, evidence, "", TestNode.APP1.appId()).at("/keys/closed").asBoolean())
        .isTrue();
    JsonNode redirected = own.call(thief, SealedClient.request(own.publicKey, evidence, ""));
    assertThat(redirected.get("error").asString())
        .isEqualTo("App not allowed: invalid quote: report data mismatch");
  }

  @Test
  void t01_evidenceOfATlsKeyIsNoEvidenceOfASealingKey() {
    Bytes certified =
        node.platform.attest(TestNode.APP1, ReportData.ofCertificateKey(enclave.publicKey));
    assertThat(error(enclave.publicKey, certified)).contains("report data mismatch");
    assertThat(node.authority.asked("app")).isZero();
  }

  @Test
  void t02_theKmsOwnEvidencePlayedBackIsRefused() {
    Bytes own = node.platform.attest(SimulatedIdentity.standard(), ReportData.ZERO);
    assertThat(error(enclave.publicKey, own)).contains("report data mismatch");
  }

  @Test
  void t35_anAnswerForAnotherRequestDoesNotOpen() {
    Bytes evidence = enclave.evidence(TestNode.APP1);
    String altered = "{\"os_image_hash\":\"" + "ab".repeat(32) + "\"}";
    JsonNode answer =
        enclave.call(
            CurlClient.anonymous(node), SealedClient.request(enclave.publicKey, evidence, altered));
    assertThat(
            enclave
                .open(answer, evidence, "", TestNode.APP1.appId())
                .at("/keys/closed")
                .asBoolean())
        .isTrue();
    assertThat(
            enclave
                .open(answer, evidence, altered, TestNode.APP1.appId())
                .at("/keys")
                .has("k256_key"))
        .isTrue();
  }

  // ---- replayed

  @Test
  void answersARecordedRequestOnceWhoeverSendsItAgainInWhicheverForm() {
    Bytes evidence = enclave.evidence(TestNode.APP1);
    assertThat(enclave.call(enclave.publicKey, evidence).has("sealed")).isTrue();
    long asked = node.authority.asked("app");

    String used =
        "App not allowed: an answer was sealed to this public_key before: make a fresh key, and"
            + " evidence over it, for every request";
    assertThat(error(enclave.publicKey, evidence)).isEqualTo(used);
    assertThat(error(enclave.publicKey, enclave.evidence(TestNode.APP1))).isEqualTo(used);
    String altered = SealedClient.request(enclave.publicKey, evidence, "{}");
    assertThat(enclave.call(CurlClient.anonymous(node), altered).get("error").asString())
        .isEqualTo(used);
    assertThat(node.authority.asked("app")).isEqualTo(asked);

    SealedClient next = new SealedClient(node, folder);
    assertThat(next.call(next.publicKey, next.evidence(TestNode.APP1)).has("sealed")).isTrue();
  }

  @Test
  void usesNoKeyUpForARequestThatWasRefused() {
    Bytes evidence = enclave.evidence(TestNode.APP1);
    node.authority.app = new Decision.Denied("not yet");
    assertThat(error(enclave.publicKey, evidence)).endsWith("Boot denied: not yet");
    assertThat(error(enclave.publicKey, evidence.slice(0, evidence.length() - 1)))
        .startsWith("App not allowed: invalid quote: ");

    node.authority.app = new Decision.Allowed("gateway-1");
    assertThat(enclave.call(enclave.publicKey, evidence).has("sealed")).isTrue();
  }

  // ---- refused

  @ParameterizedTest
  @ValueSource(ints = {0, 31, 33, 65})
  void refusesKeysOfAnotherLengthBeforeAnythingIsVerified(int length) {
    assertThat(error(Bytes.zeros(length), enclave.evidence(TestNode.APP1)))
        .isEqualTo("App not allowed: public_key must be an X25519 key of 32 bytes");
    assertThat(node.authority.asked("app")).isZero();
  }

  /** Points of order 1, 2, 4 and 8, whose shared secret with everybody is zero (RFC 7748 §6.1). */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "0000000000000000000000000000000000000000000000000000000000000000",
        "0100000000000000000000000000000000000000000000000000000000000000",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800"
      })
  void refusesKeysWithoutASharedSecretBeforeAnybodyIsAsked(String point) {
    Bytes key = Bytes.fromHex(point);
    Bytes evidence = node.platform.attest(TestNode.APP1, ReportData.ofSealedKeys(key));
    assertThat(error(key, evidence))
        .isEqualTo("App not allowed: nothing can be sealed to this public_key");
    assertThat(node.authority.asked("app")).isZero();
  }

  @Test
  void t37_refusesARequestWithoutEvidence() {
    assertThat(error(enclave.publicKey, Bytes.EMPTY))
        .isEqualTo("App not allowed: No attestation provided");
    CurlClient attested = CurlClient.guest(node, folder, TestNode.APP1);
    assertThat(
            enclave
                .call(attested, SealedClient.request(enclave.publicKey, Bytes.EMPTY, ""))
                .get("error")
                .asString())
        .isEqualTo("App not allowed: No attestation provided");
  }

  @Test
  void refusesTamperedAndUnreadableEvidence() {
    assertThat(
            error(
                enclave.publicKey,
                enclave.evidence(TestNode.APP1, QuoteFault.RTMR3_PATCHED_AFTER_SIGNING)))
        .startsWith("App not allowed: invalid quote: ");
    assertThat(error(enclave.publicKey, Bytes.fromHex("ff00")))
        .startsWith("App not allowed: invalid quote: ");
    Bytes good = enclave.evidence(TestNode.APP1);
    assertThat(error(enclave.publicKey, good.slice(0, good.length() - 1)))
        .startsWith("App not allowed: invalid quote: ");
    assertThat(node.authority.asked("app")).isZero();
  }

  @Test
  void refusesWhatTheAuthorityDeniesAndRecordsIt() {
    node.authority.app = new Decision.Denied("not in the list");
    assertThat(error(enclave.publicKey, enclave.evidence(TestNode.APP1)))
        .isEqualTo("App not allowed: Boot denied: not in the list");
    audit.close();
    JsonNode line = lastAppKeyLine();
    assertThat(line.get("code").stringValue()).isEqualTo("boot-denied");
    assertThat(line.at("/facts/sealed_to").stringValue()).isEqualTo(enclave.publicKey.hex());
  }

  @Test
  void t20_refusesOnceTheKmsItselfIsRevoked() {
    node.authority.kms = new Decision.Denied("revoked");
    assertThat(error(enclave.publicKey, enclave.evidence(TestNode.APP1)))
        .isEqualTo("KMS self authorization failed: KMS is not allowed: revoked");
  }

  @Test
  void refusesWhenTheImageIsNotTheClaimedOne() {
    try (TestNode other =
        new TestNode(folder, TestNode.Options.ordinary(folder).verifyingImages())) {
      SealedClient client = new SealedClient(other, folder);
      assertThat(
              client.call(client.publicKey, client.evidence(TestNode.APP1)).get("error").asString())
          .contains("Failed to verify os image hash");
    }
  }

  @Test
  void worksWithoutSelfAuthorizationAsTheOtherMethodsDo() {
    ReleaseConfig off = new ReleaseConfig(false, true, false, false);
    try (TestNode other = new TestNode(folder, TestNode.Options.ordinary(folder).with(off))) {
      SealedClient client = new SealedClient(other, folder);
      assertThat(client.call(client.publicKey, client.evidence(TestNode.APP1)).has("sealed"))
          .isTrue();
      assertThat(other.authority.asked("kms")).isZero();
    }
  }

  @Test
  void refusesLaterVersionsAndGet() {
    assertThat(CurlClient.anonymous(node).error("GetAppKeySealed", "{\"api_version\":2}"))
        .isEqualTo("Unsupported API version: 2");
    assertThat(dstack.kms.rpc.http.Curl.run("-k", node.url("/prpc/GetAppKeySealed?api_version=1")))
        .contains("answered to POST only");
  }

  private JsonNode lastAppKeyLine() {
    return new AuditLines(folder.resolve("audit"))
        .more().stream()
            .map(JsonMapper.shared()::readTree)
            .filter(line -> line.get("kind").stringValue().equals("app-key"))
            .reduce((_, later) -> later)
            .orElseThrow();
  }
}
