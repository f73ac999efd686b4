package dstack.kms.rpc.kms;

import static org.assertj.core.api.Assertions.assertThat;

import dstack.kms.core.authority.AuthorityRefusal;
import dstack.kms.core.authority.Decision;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.config.ReleaseConfig;
import dstack.kms.core.config.TlsEngine;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.core.reportdata.ReportData;
import dstack.kms.rpc.tls.OddCertificate;
import dstack.kms.sim.fault.GuestFault;
import dstack.kms.sim.fault.QuoteFault;
import dstack.kms.sim.platform.SimulatedIdentity;
import dstack.kms.testkit.Vectors;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Specification 04 §5.1, with evidence of the simulated platform and curl over TLS. */
final class GetAppKeyTest {
  private static final String REQUEST = "{\"api_version\":1}";

  @TempDir private Path folder;
  private TestNode node;

  @BeforeEach
  void start() {
    node = new TestNode(folder);
  }

  @AfterEach
  void stop() {
    node.close();
  }

  private CurlClient app1() {
    return CurlClient.guest(node, folder, TestNode.APP1);
  }

  private CurlClient withEvidence(OddCertificate odd, Bytes evidence) {
    odd.extension(OddCertificate.EVIDENCE, false, evidence.toArray());
    return CurlClient.of(node, folder, odd, odd.build());
  }

  // ---- released

  @Test
  void releasesTheKeysOfTheVectorsToAnAttestedGuest() {
    JsonNode expected = Vectors.json("keys.json").get("roots").get(0).get("apps").get(0);
    JsonNode keys = app1().call("GetAppKey", REQUEST);
    assertThat(keys.get("ca_cert").asString()).isEqualTo(node.keys.rootCa().pem());
    assertThat(keys.get("disk_crypt_key")).isEqualTo(expected.get("disk").get("disk_crypt_key"));
    assertThat(keys.get("env_crypt_key")).isEqualTo(expected.get("env").get("env_crypt_key"));
    assertThat(keys.get("k256_key")).isEqualTo(expected.get("k256").get("k256_key"));
    assertThat(keys.get("k256_signature")).isEqualTo(expected.get("k256").get("k256_signature"));
    assertThat(keys.get("tproxy_app_id").asString()).isEqualTo("gateway-1");
    assertThat(keys.get("gateway_app_id").asString()).isEqualTo("gateway-1");
    assertThat(keys.get("os_image_hash").asString()).isEqualTo(TestNode.APP1.osImageHash().hex());
    assertThat(keys.propertyNames())
        .containsExactly(
            "ca_cert",
            "disk_crypt_key",
            "env_crypt_key",
            "k256_key",
            "k256_signature",
            "tproxy_app_id",
            "gateway_app_id",
            "os_image_hash");
  }

  @ParameterizedTest
  @EnumSource(names = {"JDK", "BORINGSSL"})
  void releasesKeysBehindEitherEngine(TlsEngine engine) {
    try (TestNode other = new TestNode(folder, TestNode.Options.ordinary(folder).with(engine))) {
      assertThat(
              CurlClient.guest(other, folder, TestNode.APP1)
                  .call("KMS.GetAppKey", REQUEST)
                  .has("k256_key"))
          .isTrue();
    }
  }

  @Test
  void asksTheAuthorityAboutItselfAndAboutTheApplicationEachTime() {
    CurlClient client = app1();
    client.call("GetAppKey", REQUEST);
    client.call("GetAppKey", REQUEST);
    assertThat(node.authority.asked("kms")).isEqualTo(2);
    assertThat(node.authority.asked("app")).isEqualTo(2);
    assertThat(node.attested).hasValue(1);
  }

  @Test
  void asksAboutTheIdentityInTheEvidenceAndNoOther() {
    app1().call("GetAppKey", REQUEST);
    assertThat(node.authority.questions)
        .filteredOn(question -> question.kind().equals("app"))
        .allSatisfy(
            question -> {
              assertThat(question.about().appId().value()).isEqualTo(TestNode.APP1.appId());
              assertThat(question.about().composeHash().value())
                  .isEqualTo(TestNode.APP1.composeHash());
              assertThat(question.about().instanceId().value())
                  .isEqualTo(TestNode.APP1.instanceId());
            });
  }

  @Test
  void takesTheImageHashOfTheVmConfigInTheRequest() {
    String hash = "ab".repeat(32);
    JsonNode keys =
        app1()
            .call("GetAppKey", "{\"vm_config\":\"{\\\"os_image_hash\\\":\\\"" + hash + "\\\"}\"}");
    assertThat(keys.get("os_image_hash").asString()).isEqualTo(hash);
  }

  // ---- refused

  @ParameterizedTest
  @ValueSource(strings = {"2", "3", "4294967295"})
  void refusesLaterApiVersionsBeforeAnybodyIsAsked(String version) {
    assertThat(app1().error("GetAppKey", "{\"api_version\":" + version + "}"))
        .isEqualTo("Unsupported API version: " + version);
    assertThat(node.authority.questions).isEmpty();
  }

  @Test
  void t37_refusesAClientWithoutACertificate() {
    assertThat(CurlClient.anonymous(node).error("GetAppKey", REQUEST))
        .isEqualTo("App not allowed: No attestation provided");
    assertThat(node.authority.asked("app")).isZero();
  }

  @Test
  void t21_refusesACertificateWithoutEvidence() {
    OddCertificate plain = OddCertificate.p256();
    assertThat(CurlClient.of(node, folder, plain, plain.build()).error("GetAppKey", REQUEST))
        .isEqualTo("App not allowed: No attestation provided");
  }

  @Test
  void refusesEvidenceInAVersion1CertificateAsNone() {
    OddCertificate old = OddCertificate.p256();
    assertThat(CurlClient.of(node, folder, old, old.buildVersion1()).error("GetAppKey", REQUEST))
        .isEqualTo("App not allowed: No attestation provided");
  }

  @Test
  void t01_refusesEvidenceBoundToAnotherKey() {
    Bytes foreign = node.evidence(TestNode.APP1, OddCertificate.p256().spki());
    assertThat(withEvidence(OddCertificate.p256(), foreign).error("GetAppKey", REQUEST))
        .isEqualTo("invalid quote: report data mismatch");
    assertThat(node.authority.questions).isEmpty();
  }

  @Test
  void refusesEvidenceThatCannotBeDecoded() {
    assertThat(
            withEvidence(OddCertificate.p256(), Bytes.fromHex("ff00")).error("GetAppKey", REQUEST))
        .startsWith("Failed to decode attestation from cert extension: ");
  }

  @Test
  void refusesEvidenceBeforeItLooksAtTheInput() {
    assertThat(
            withEvidence(OddCertificate.p256(), Bytes.fromHex("ff00"))
                .error("GetAppKey", "garbage"))
        .startsWith("Failed to decode attestation from cert extension: ");
  }

  @Test
  void refusesACertificateWithAnUnknownCriticalExtension() {
    OddCertificate odd = OddCertificate.p256().extension("1.2.3.4", true, new byte[3]);
    assertThat(
            withEvidence(odd, node.evidence(TestNode.APP1, odd.spki())).error("GetAppKey", REQUEST))
        .isEqualTo("client certificate has an unknown critical extension");
  }

  @Test
  void refusesEvidenceThatOccursTwice() {
    OddCertificate odd = OddCertificate.p256();
    Bytes evidence = node.evidence(TestNode.APP1, odd.spki());
    odd.extension(OddCertificate.EVIDENCE, false, evidence.toArray());
    odd.extension("1.3.6.1.4.1.62397.1.7", false, evidence.toArray());
    Bytes twice = odd.buildRenaming("0a2b0601040183e73d0107", "0a2b0601040183e73d0108");
    try (TestNode boring =
        new TestNode(folder, TestNode.Options.ordinary(folder).with(TlsEngine.BORINGSSL))) {
      assertThat(CurlClient.of(boring, folder, odd, twice).error("GetAppKey", REQUEST))
          .startsWith("Failed to get extension for [1, 3, 6, 1, 4, 1, 62397, 1, 8]: ");
    }
    try (TestNode jdk =
        new TestNode(folder, TestNode.Options.ordinary(folder).with(TlsEngine.JDK))) {
      assertThat(CurlClient.of(jdk, folder, odd, twice).post("GetAppKey", REQUEST))
          .contains("curl: (");
    }
  }

  @Test
  void refusesEvidenceThatIsNotOneOctetString() {
    for (String value : new String[] {"", "05", "0400ff", "048100", "0480", "0405aabb"}) {
      OddCertificate odd =
          OddCertificate.p256()
              .rawExtension(OddCertificate.EVIDENCE, Bytes.fromHex(value).toArray());
      assertThat(CurlClient.of(node, folder, odd, odd.build()).error("GetAppKey", REQUEST))
          .startsWith("Failed to ");
    }
  }

  @Test
  void releasesKeysToTheOlderPairOfQuoteAndEventLog() {
    OddCertificate odd = OddCertificate.p256();
    var guest = node.platform.boot(TestNode.APP1);
    Bytes quote = guest.quote(ReportData.ofCertificateKey(odd.spki()));
    odd.extension("1.3.6.1.4.1.62397.1.1", false, quote.toArray());
    odd.extension("1.3.6.1.4.1.62397.1.2", false, Bytes.utf8(guest.eventLogJson()).toArray());
    assertThat(
            CurlClient.of(node, folder, odd, odd.build())
                .call("GetAppKey", REQUEST)
                .has("k256_key"))
        .isTrue();
  }

  @Test
  void refusesAQuoteWithoutItsEventLog() {
    OddCertificate odd = OddCertificate.p256();
    Bytes quote = node.platform.boot(TestNode.APP1).quote(ReportData.ofCertificateKey(odd.spki()));
    odd.extension("1.3.6.1.4.1.62397.1.1", false, quote.toArray());
    assertThat(CurlClient.of(node, folder, odd, odd.build()).error("GetAppKey", REQUEST))
        .contains("TDX event log missing");
  }

  @ParameterizedTest
  @EnumSource(
      names = {
        "OTHER_ATTESTATION_KEY",
        "REPORT_DATA_PATCHED_AFTER_SIGNING",
        "RTMR3_PATCHED_AFTER_SIGNING",
        "OTHER_PCK_KEY",
        "QE_OF_ANOTHER_SIGNER"
      })
  void refusesQuotesThatDoNotVerify(QuoteFault fault) {
    assertThat(CurlClient.guest(node, folder, TestNode.APP1, fault).error("GetAppKey", REQUEST))
        .startsWith("invalid quote: ");
    assertThat(node.authority.questions).isEmpty();
  }

  @Test
  void refusesAGuestThatNeverMeasuredItsIdentity() {
    assertThat(
            CurlClient.guest(node, folder, TestNode.APP1, GuestFault.WITHOUT_APP_ID)
                .error("GetAppKey", REQUEST))
        .startsWith("App not allowed: ");
    assertThat(node.authority.asked("app")).isZero();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 19, 21, 31, 33})
  void t13_refusesIdentitiesOfAnotherLengthBeforeTheAuthorityIsAsked(int length) {
    Bytes odd = Bytes.fromHex("ab".repeat(length));
    SimulatedIdentity wrongApp = TestNode.APP1.change().appId(odd).done();
    SimulatedIdentity wrongCompose = TestNode.APP1.change().composeHash(odd).done();
    for (SimulatedIdentity guest : new SimulatedIdentity[] {wrongApp, wrongCompose}) {
      assertThat(CurlClient.guest(node, folder, guest).error("GetAppKey", REQUEST))
          .startsWith("App not allowed: ");
    }
    if (length > 0) {
      SimulatedIdentity wrongInstance = TestNode.APP1.change().instanceId(odd).done();
      assertThat(CurlClient.guest(node, folder, wrongInstance).error("GetAppKey", REQUEST))
          .isEqualTo("App not allowed: instance_id must be 20 bytes or empty");
    }
    assertThat(node.authority.asked("app")).isZero();
  }

  @Test
  void refusesWhatTheAuthorityDenies() {
    node.authority.app = new Decision.Denied("not in the list");
    assertThat(app1().error("GetAppKey", REQUEST))
        .isEqualTo("App not allowed: Boot denied: not in the list");
  }

  @Test
  void readsLikeADenialToTheClientWhenNothingWasDecided() {
    Decision none =
        new Decision.Undecided(
            new RefusalException(
                AuthorityRefusal.UNREACHABLE,
                "authorization backend unavailable",
                "https://rpc.example is away"));
    node.authority.app = none;
    assertThat(app1().error("GetAppKey", REQUEST))
        .isEqualTo("App not allowed: Boot denied: authorization backend unavailable");
    node.authority.kms = none;
    assertThat(app1().error("GetAppKey", REQUEST))
        .isEqualTo(
            "KMS self authorization failed: KMS is not allowed: authorization backend unavailable");
  }

  @Test
  void refusesWhenTheAuthorityDoesNotAnswerAndHidesWhere() {
    node.authority.unreachable = true;
    assertThat(app1().error("GetAppKey", REQUEST))
        .isEqualTo(
            "KMS self authorization failed: Failed to call self KMS auth check: auth api is away");
  }

  @Test
  void reportsItsOwnRefusalBeforeThatOfTheClient() {
    node.authority.kms = new Decision.Denied("revoked");
    node.authority.app = new Decision.Denied("not in the list");
    assertThat(app1().error("GetAppKey", REQUEST))
        .isEqualTo("KMS self authorization failed: KMS is not allowed: revoked");
    assertThat(CurlClient.anonymous(node).error("GetAppKey", REQUEST))
        .isEqualTo("KMS self authorization failed: KMS is not allowed: revoked");
  }

  @Test
  void t20_stopsWithTheNextRequestAfterItWasRevoked() {
    CurlClient client = app1();
    assertThat(client.call("GetAppKey", REQUEST).has("k256_key")).isTrue();
    node.authority.kms = new Decision.Denied("revoked");
    assertThat(client.error("GetAppKey", REQUEST)).contains("KMS is not allowed: revoked");
  }

  @Test
  void doesNotAskAboutItselfIfThatIsSwitchedOff() {
    ReleaseConfig off = new ReleaseConfig(false, true, false, false);
    try (TestNode other = new TestNode(folder, TestNode.Options.ordinary(folder).with(off))) {
      CurlClient.guest(other, folder, TestNode.APP1).call("GetAppKey", REQUEST);
      assertThat(other.authority.asked("kms")).isZero();
      assertThat(other.authority.asked("app")).isEqualTo(1);
      assertThat(CurlClient.anonymous(other).error("GetAppKey", REQUEST))
          .isEqualTo("App not allowed: No attestation provided");
    }
  }

  @Test
  void refusesAfterTheAuthorityIfImagesAreToBeVerified() {
    try (TestNode other =
        new TestNode(folder, TestNode.Options.ordinary(folder).verifyingImages())) {
      assertThat(CurlClient.guest(other, folder, TestNode.APP1).error("GetAppKey", REQUEST))
          .startsWith(
              "App not allowed: Failed to verify os image hash: Failed to verify os image hash: ");
      assertThat(other.authority.asked("app")).isEqualTo(1);
    }
  }

  @Test
  void t12_neverMixesIdentitiesOfTwoClientsOnOneServer() {
    SimulatedIdentity second = TestNode.APP1.change().appId(Bytes.fromHex("22".repeat(20))).done();
    JsonNode one = app1().call("GetAppKey", REQUEST);
    JsonNode two = CurlClient.guest(node, folder, second).call("GetAppKey", REQUEST);
    assertThat(two.get("k256_key")).isNotEqualTo(one.get("k256_key"));
    assertThat(app1().call("GetAppKey", REQUEST).get("k256_key")).isEqualTo(one.get("k256_key"));
  }
}
