package dstack.kms.rpc.kms;

import static org.assertj.core.api.Assertions.assertThat;

import dstack.kms.core.authority.Decision;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.rpc.http.Curl;
import dstack.kms.testkit.Vectors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Specification 04 §5.2 to §5.5, §6 and the routes of 01 §1. */
final class KmsServiceTest {
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

  private CurlClient anyone() {
    return CurlClient.anonymous(node);
  }

  // ---- 5.2 GetKmsKey

  @Test
  void releasesTheRootKeysToAnAllowedKms() {
    JsonNode root = Vectors.json("keys.json").get("roots").get(0);
    JsonNode keys =
        CurlClient.guest(node, folder, TestNode.APP1).call("GetKmsKey", "{\"vm_config\":\"\"}");
    assertThat(keys.propertyNames()).containsExactly("temp_ca_key", "keys");
    assertThat(keys.get("keys")).hasSize(1);
    assertThat(keys.get("keys").get(0).get("ca_key"))
        .isEqualTo(root.get("root_ca").get("pkcs8_pem"));
    assertThat(keys.get("keys").get(0).get("k256_key"))
        .isEqualTo(root.get("root_k256").get("scalar"));
    assertThat(keys.get("temp_ca_key").asString()).startsWith("-----BEGIN PRIVATE KEY-----\n");
  }

  @Test
  void refusesTheRootKeysToAnyoneElse() {
    assertThat(anyone().error("GetKmsKey", "{}")).isEqualTo("No attestation provided");
    CurlClient guest = CurlClient.guest(node, folder, TestNode.APP1);
    node.authority.kms = new Decision.Denied("no such KMS");
    assertThat(guest.error("GetKmsKey", "{}"))
        .isEqualTo("KMS self authorization failed: KMS is not allowed: no such KMS");
    assertThat(node.authority.asked("app")).isZero();
  }

  // ---- 5.3 GetAppEnvEncryptPubKey

  @Test
  void signsTheEnvironmentKeyOfTheVectors() {
    JsonNode expected =
        Vectors.json("keys.json").get("roots").get(0).get("apps").get(0).get("env_pubkey_response");
    JsonNode answer =
        anyone().call("GetAppEnvEncryptPubKey", "{\"app_id\":\"0x" + "11".repeat(20) + "\"}");
    assertThat(answer.propertyNames())
        .containsExactly("public_key", "signature", "timestamp", "signature_v1");
    assertThat(answer.get("public_key")).isEqualTo(expected.get("public_key"));
    assertThat(answer.get("signature")).isEqualTo(expected.get("signature"));
    assertThat(answer.get("timestamp").asLong()).isEqualTo(TestNode.NOW.getEpochSecond());
    assertThat(answer.get("signature_v1").asString()).hasSize(130);
    assertThat(Curl.run("-k", node.url("/prpc/GetAppEnvEncryptPubKey?app_id=" + "11".repeat(20))))
        .contains(expected.get("signature").asString());
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 19, 21, 32, 40})
  void t12_refusesApplicationIdsOfAnotherLength(int length) {
    assertThat(
            anyone()
                .error("GetAppEnvEncryptPubKey", "{\"app_id\":\"" + "11".repeat(length) + "\"}"))
        .isEqualTo("app_id must be 20 bytes");
  }

  // ---- 5.4 GetMeta

  @Test
  void tellsItsMetaDataWithoutAskingAboutItself() {
    JsonNode meta = anyone().call("GetMeta", "null");
    assertThat(meta.get("ca_cert").asString()).isEqualTo(node.keys.rootCa().pem());
    assertThat(meta.get("k256_pubkey").asString())
        .isEqualTo("0386172773801ee97812529cc944deab871b686a4cd6fe7df36260ece2832bc4ec");
    assertThat(meta.get("bootstrap_info").isNull()).isTrue();
    assertThat(meta.get("is_dev").asBoolean()).isFalse();
    assertThat(meta.get("kms_contract_address").asString()).isEqualTo("0xabc");
    assertThat(meta.get("chain_id").asLong()).isEqualTo(1);
    assertThat(meta.get("app_auth_implementation").asString()).isEqualTo("0xdef");
    assertThat(node.authority.questions).isEmpty();
  }

  @Test
  void tellsThatItIsForDevelopment() {
    node.authority.development = true;
    JsonNode meta = anyone().call("GetMeta", "");
    assertThat(meta.get("is_dev").asBoolean()).isTrue();
    assertThat(meta.get("allow_any_upgrade").asBoolean()).isTrue();
    assertThat(meta.get("chain_id").isNull()).isTrue();
    assertThat(meta.get("gateway_app_id").asString()).isEqualTo("gateway-1");
  }

  @Test
  void failsGetMetaWhenTheAuthorityIsAway() {
    node.authority.unreachable = true;
    assertThat(anyone().error("GetMeta", "{}")).isEqualTo("auth api is away");
  }

  // ---- 5.5 GetTempCaCert

  @Test
  void handsOutTheTempCaIfItMayServe() {
    JsonNode temp = anyone().call("GetTempCaCert", "null");
    assertThat(temp.propertyNames()).containsExactly("temp_ca_cert", "temp_ca_key", "ca_cert");
    assertThat(temp.get("temp_ca_cert").asString()).isEqualTo(node.keys.tempCaCertificate());
    assertThat(temp.get("ca_cert").asString()).isEqualTo(node.keys.rootCa().pem());
    node.authority.kms = new Decision.Denied("revoked");
    assertThat(anyone().error("GetTempCaCert", "null"))
        .isEqualTo("KMS self authorization failed: KMS is not allowed: revoked");
  }

  // ---- routes

  @Test
  void t37_answersNoRouteWithKeysToAClientWithoutACertificate() {
    for (String method : TestNode.methods()) {
      for (String verb : new String[] {"GET", "POST"}) {
        String answer =
            Curl.run("-k", "-X", verb, "-d", "{}", node.url("/prpc/" + method + "?json"));
        assertThat(answer)
            .doesNotContain("disk_crypt_key", "k256_key\"", "certificate_chain", "\"keys\"");
      }
    }
    assertThat(Curl.run("-k", node.url("/prpc/ClearImageCache?json")))
        .contains("Service not found");
  }

  @Test
  void answersHealthAndMetricsAndItsVersionOnEveryAnswer() {
    assertThat(Curl.run("-k", node.url("/health"))).isEqualTo("OK");
    assertThat(Curl.run("-k", node.url("/metrics")).lines())
        .hasSize(6)
        .allSatisfy(line -> assertThat(line).contains("dstack_kms_attestation_"));
    for (String path : new String[] {"/health", "/", "/prpc/No?json", "/prpc/GetMeta"}) {
      assertThat(Curl.run("-k", "-i", node.url(path)))
          .containsIgnoringCase("X-App-Version: v0.1.0 (git:0123456789abcdef0123)");
    }
  }

  @Test
  void servesATrustedClientUnderItsRootCa() throws IOException {
    Path ca = Files.writeString(folder.resolve("ca.pem"), node.keys.rootCa().pem());
    assertThat(Curl.run("--cacert", ca.toString(), node.url("/health"))).isEqualTo("OK");
  }

  // ---- ClearImageCache of the older states

  @Test
  void t38_clearsTheCacheOnlyWithTheConfiguredTokenAndOnlyByPost() throws IOException {
    TestNode.Options options = TestNode.Options.ordinary(folder).withAdminToken("s3cret");
    Path image = options.cacheFolder().resolve("images").resolve("ab12");
    Files.createDirectories(image);
    try (TestNode old = new TestNode(folder, options)) {
      CurlClient client = CurlClient.anonymous(old);
      for (String token : new String[] {"", "s3cre", "s3cret ", "S3CRET"}) {
        assertThat(
                client.error(
                    "KMS.ClearImageCache", "{\"token\":\"" + token + "\",\"image_hash\":\"ab12\"}"))
            .isEqualTo("Invalid token");
      }
      assertThat(Curl.run("-k", old.url("/prpc/ClearImageCache?token=s3cret&image_hash=ab12")))
          .contains("POST only");
      assertThat(image).exists();
      assertThat(
              client.post("KMS.ClearImageCache", "{\"token\":\"s3cret\",\"image_hash\":\"ab12\"}"))
          .isEqualTo("null");
      assertThat(image).doesNotExist();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"..", "../../etc", "/etc", "%2e%2e", "ab/../cd", "ALL", "a b"})
  void t09_refusesCacheKeysThatAreNotHexadecimal(String key) {
    TestNode.Options options = TestNode.Options.ordinary(folder).withAdminToken("s3cret");
    try (TestNode old = new TestNode(folder, options)) {
      assertThat(
              CurlClient.anonymous(old)
                  .error(
                      "ClearImageCache", "{\"token\":\"s3cret\",\"image_hash\":\"" + key + "\"}"))
          .isEqualTo("Failed to clear image cache: Invalid cache key");
    }
  }

  @Test
  void keepsItsKeysOutOfAnswersToOthers() {
    Bytes app = TestNode.APP1.appId();
    assertThat(anyone().post("GetAppKey", "{\"app_id\":\"" + app.hex() + "\"}"))
        .isEqualTo("{\n  \"error\": \"App not allowed: No attestation provided\"\n}");
  }
}
