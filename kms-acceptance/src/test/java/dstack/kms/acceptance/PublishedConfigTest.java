package dstack.kms.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The published configuration files start the server unchanged and the guide's calls work. */
final class PublishedConfigTest {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  @ParameterizedTest
  @EnumSource
  void startsFromThePublishedFileAndAnswersTheGuidesCalls(
      PublishedConfig config, @TempDir Path folder) {
    try (Host host = new Host(folder);
        Webhook webhook = new Webhook();
        Background server =
            host.serve(config.toml, Map.of("KMS_CORE_AUTH_API_WEBHOOK_URL", webhook.url()))) {
      webhook.deny("Aggregated MR not allowed");
      showsTheAttestationForRegistration(host);
      refusesBootstrapInTheGuidesWords(host);
      webhook.allow();
      JsonNode bootstrap = bootstraps(host);
      finishesAndServesHttps(host, bootstrap);
      server.terminate();
      assertThat(server.status()).as(server.output()).isZero();
    }
  }

  private static void showsTheAttestationForRegistration(Host host) {
    JsonNode info =
        JSON.readTree(
            host.curl(host.url("http", "/prpc/Onboard.GetAttestationInfo?json")).success());
    assertThat(info.get("attestation_mode").stringValue()).isEqualTo("dstack-tdx");
    assertThat(info.get("tee_variant").stringValue()).isEqualTo("dstack-tdx");
    assertThat(info.get("device_id").stringValue()).hasSize(64);
    assertThat(info.get("mr_aggregated").stringValue()).hasSize(64);
    assertThat(info.get("os_image_hash").stringValue()).hasSize(64);
  }

  private static void refusesBootstrapInTheGuidesWords(Host host) {
    Program refused =
        host.curl(
            host.url("http", "/prpc/Onboard.Bootstrap?json"), "-d", "{\"domain\": \"localhost\"}");
    assertThat(refused.success())
        .isEqualTo(
            """
            {
              "error": "KMS is not allowed to bootstrap: boot denied: Aggregated MR not allowed"
            }\
            """);
    assertThat(host.certificates.resolve("root-ca.key")).doesNotExist();
  }

  private static JsonNode bootstraps(Host host) {
    String url = host.url("http", "/prpc/Onboard.Bootstrap?json");
    JsonNode answer = JSON.readTree(host.curl(url, "-d", "{\"domain\": \"localhost\"}").success());
    assertThat(answer.propertyNames()).containsExactly("ca_pubkey", "k256_pubkey", "attestation");
    assertThat(answer.get("ca_pubkey").stringValue()).startsWith("3059301306072a8648ce3d0201");
    String again = host.curl(url, "-d", "{\"domain\": \"localhost\"}").success();
    assertThat(again).contains("\"error\": \"KMS has already been bootstrapped\"");
    return answer;
  }

  private static void finishesAndServesHttps(Host host, JsonNode bootstrap) {
    assertThat(host.curl(host.url("http", "/finish")).success()).isEqualTo("OK");
    String root = host.certificates.resolve("root-ca.crt").toString();
    JsonNode meta =
        JSON.readTree(
            host.curl("--cacert", root, host.url("https", "/prpc/GetMeta?json"), "-d", "{}")
                .success());
    assertThat(meta.propertyNames())
        .containsExactly(
            "ca_cert",
            "allow_any_upgrade",
            "k256_pubkey",
            "bootstrap_info",
            "is_dev",
            "gateway_app_id",
            "kms_contract_address",
            "chain_id",
            "app_auth_implementation");
    assertThat(meta.get("bootstrap_info")).isEqualTo(bootstrap);
    assertThat(meta.get("ca_cert").stringValue())
        .isEqualTo(Host.read(host.certificates.resolve("root-ca.crt")));
    assertThat(meta.get("k256_pubkey")).isEqualTo(bootstrap.get("k256_pubkey"));
    assertThat(meta.get("chain_id").intValue()).isEqualTo(84532);
    assertThat(host.curl("--cacert", root, host.url("https", "/metrics")).success())
        .isEqualTo(
            """
            # HELP dstack_kms_attestation_requests_total Total number of KMS attestation requests.
            # TYPE dstack_kms_attestation_requests_total counter
            dstack_kms_attestation_requests_total 0
            # HELP dstack_kms_attestation_failures_total Total number of failed KMS attestation requests.
            # TYPE dstack_kms_attestation_failures_total counter
            dstack_kms_attestation_failures_total 0
            """);
  }
}
