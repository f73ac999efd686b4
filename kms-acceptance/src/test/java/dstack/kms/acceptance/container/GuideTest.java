package dstack.kms.acceptance.container;

import static org.assertj.core.api.Assertions.assertThat;

import dstack.kms.acceptance.Background;
import dstack.kms.acceptance.Host;
import dstack.kms.acceptance.Program;
import dstack.kms.acceptance.PublishedConfig;
import dstack.kms.acceptance.Webhook;
import dstack.kms.testkit.Tool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The calls of the published guide, in its order and with its outputs, against containers. */
final class GuideTest {
  private static final String ENGINES = "TLS by BoringSSL, P-256 by ACCP";

  @TempDir private Path folder;

  /** Sections 6.4, 6.5 and 10 with the image that has no shell, and not one variable set. */
  @Test
  void bootstrapsANodeThatServesAndEndsWell() throws IOException {
    Image plain = Image.of("plain");
    try (Webhook webhook = new Webhook();
        Host first = host("first");
        Background source = serve(plain, first, webhook)) {
      showsThePage(first);
      registers(first, webhook);
      String key = bootstraps(first);
      finishes(first);
      assertThat(meta(first, ".k256_pubkey")).isEqualTo(key);
      assertThat(meta(first, ".bootstrap_info.k256_pubkey")).isEqualTo(key);
      assertThat(meta(first, ".kms_contract_address, .chain_id, .app_auth_implementation"))
          .isEqualTo(
              "0xFaAD000000000000000000000000000000004DBC\n84532\n"
                  + "0x43ac00000000000000000000000000000000A578");
      countsInMetrics(first);
      hasItsEnginesAndArchiveAndNoRights(source);
      endsWell(source);
    }
  }

  /** The kms service of the guide's compose files as it stands, script and all. */
  @Test
  void runsTheGuidesUnchangedCommandInTheVariantWithAShell() throws IOException {
    Path volume = Files.createDirectory(folder.resolve("volume"));
    try (Webhook webhook = new Webhook();
        Host host = host("machine");
        Background server =
            Container.of(Image.of("shell"), volume)
                .on(host)
                .with(placed(host, webhook))
                .start(
                    "sh",
                    "-c",
                    "set -e\nmkdir -p /kms/certs /kms/images\ncat > /kms/kms.toml <<EOK\n"
                        + PublishedConfig.GUIDE.toml
                        + "EOK\n\nexec dstack-kms -c /kms/kms.toml\n")) {
      String key = bootstraps(host);
      finishes(host);
      assertThat(meta(host, ".k256_pubkey")).isEqualTo(key);
      assertThat(server.output()).contains(ENGINES);
      assertThat(volume.resolve("certs/root-k256.key")).exists();
      endsWell(server);
    }
  }

  private Host host(String name) throws IOException {
    return new Host(Files.createDirectory(folder.resolve(name)));
  }

  /** Places a server on its machine by variables, in the container's paths. */
  private static Map<String, String> placed(Host host, Webhook webhook) {
    Map<String, String> variables = new HashMap<>(host.environment());
    for (String path :
        List.of("CORE_CERT_DIR", "RPC_TLS_KEY", "RPC_TLS_CERTS", "CORE_IMAGE_CACHE_DIR")) {
      variables.remove("KMS_" + path);
    }
    variables.remove("DSTACK_AGENT_ADDRESS");
    variables.put("KMS_CORE_ATTESTATION_ROOT_CA_TDX", root(host));
    variables.put("KMS_CORE_AUTH_API_WEBHOOK_URL", webhook.url());
    return variables;
  }

  private static String root(Host host) {
    String outside = host.environment().get("KMS_CORE_ATTESTATION_ROOT_CA_TDX");
    return "/etc/kms/" + host.folder.resolve("sim").relativize(Path.of(outside));
  }

  /** The same in a file, with nothing in the environment. */
  private static Background serve(Image image, Host host, Webhook webhook) throws IOException {
    Path volume = Files.createDirectory(host.folder.resolve("volume"));
    Files.writeString(
        volume.resolve("kms.toml"),
        """
        [rpc]
        address = "127.0.0.1"
        port = %d
        [core]
        cert_dir = "/kms/certs"
        insecure_development = true
        [core.image]
        cache_dir = "/kms/images"
        [core.attestation]
        insecure_allow_external_trust_anchors = true
        [core.attestation.urls]
        pccs = "%s"
        [core.attestation.root_ca]
        tdx = "%s"
        [core.auth_api.webhook]
        url = "%s"
        [core.onboard]
        address = "127.0.0.1"
        port = %d
        [core.operations]
        port = %d
        """
            .formatted(
                host.port,
                host.environment().get("KMS_CORE_ATTESTATION_URLS_PCCS"),
                root(host),
                webhook.url(),
                host.port,
                host.operationsPort));
    return Container.bare(image, volume)
        .on(host)
        .start("/usr/local/bin/dstack-kms", "-c", "/kms/kms.toml");
  }

  private static String jq(String json, String filter) {
    return Program.run(List.of(Tool.require("jq").toString(), "-r", filter), Map.of(), json)
        .success()
        .strip();
  }

  private static void showsThePage(Host host) {
    assertThat(host.curl(host.url("http", "/")).success()).startsWith("<!").contains("<title>");
  }

  private static void registers(Host host, Webhook webhook) {
    String info = host.curl(host.url("http", "/prpc/Onboard.GetAttestationInfo?json")).success();
    for (String field : List.of("device_id", "mr_aggregated", "os_image_hash")) {
      assertThat(jq(info, "." + field)).matches("[0-9a-f]{64}");
    }
    assertThat(jq(info, ".attestation_mode")).isEqualTo("dstack-tdx");
    webhook.deny("Aggregated MR not allowed");
    String denied =
        host.curl(
                host.url("http", "/prpc/Onboard.Bootstrap?json"),
                "-d",
                "{\"domain\": \"localhost\"}")
            .success();
    assertThat(jq(denied, ".error"))
        .isEqualTo("KMS is not allowed to bootstrap: boot denied: Aggregated MR not allowed");
    webhook.allow();
  }

  private static String bootstraps(Host host) {
    String made =
        host.curl(
                host.url("http", "/prpc/Onboard.Bootstrap?json"),
                "-d",
                "{\"domain\": \"localhost\"}")
            .success();
    assertThat(jq(made, "keys_unsorted | join(\" \")"))
        .isEqualTo("ca_pubkey k256_pubkey attestation");
    assertThat(jq(made, ".ca_pubkey")).startsWith("3059301306072a8648ce3d0201");
    assertThat(jq(made, ".attestation")).startsWith("00");
    return jq(made, ".k256_pubkey");
  }

  private static void finishes(Host host) {
    assertThat(host.curl(host.url("http", "/finish")).success()).isEqualTo("OK");
  }

  private static String meta(Host host, String filter) {
    return jq(
        host.curl("-k", host.url("https", "/prpc/GetMeta?json"), "-d", "{}").success(), filter);
  }

  private static void countsInMetrics(Host host) {
    assertThat(host.curl("-k", host.url("https", "/metrics")).success())
        .contains(
            "\ndstack_kms_attestation_requests_total 0\n",
            "\ndstack_kms_attestation_failures_total 0\n");
  }

  /** Seen from outside: what the kernel mapped, limits and grants. */
  private static void hasItsEnginesAndArchiveAndNoRights(Background container) throws IOException {
    Path process = Path.of("/proc/" + Container.inside(container).pid());
    assertThat(container.output()).contains(ENGINES).doesNotContain("native library is missing");
    assertThat(Files.readString(process.resolve("maps")))
        .contains("/opt/kms/kms.jsa", "/opt/kms/native/libamazonCorrettoCryptoProvider.so")
        .contains("/opt/kms/native/libnetty_tcnative_linux_x86_64.so");
    assertThat(Files.readString(process.resolve("limits")))
        .containsPattern("Max core file size +0 +0 ");
    assertThat(Files.readString(process.resolve("status")))
        .containsPattern("CapEff:\\s0{16}\n")
        .containsPattern("CapPrm:\\s0{16}\n") // and none to gain, as new privileges are out
        .containsPattern("NoNewPrivs:\\s1\n");
  }

  private static void endsWell(Background container) {
    Container.inside(container).destroy();
    assertThat(container.status()).as(container.output()).isZero();
  }
}
