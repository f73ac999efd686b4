package dstack.kms.acceptance.container;

import static dstack.kms.acceptance.container.GuideNode.jq;
import static org.assertj.core.api.Assertions.assertThat;

import dstack.kms.acceptance.Background;
import dstack.kms.acceptance.Host;
import dstack.kms.acceptance.PublishedConfig;
import dstack.kms.acceptance.Webhook;
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

  /** Sections 6.4 and 6.5 with the image that has no shell. */
  @Test
  void bootstrapsANodeThatServesAndEndsWell() throws IOException {
    Image plain = Image.of("plain");
    try (Webhook webhook = new Webhook();
        Host host = new Host(folder);
        GuideNode node = GuideNode.serve(plain, host, webhook)) {
      assertThat(node.page()).startsWith("<!").contains("<title>");
      shows(node);
      isDenied(node, webhook);
      String key = bootstraps(node);
      node.finish();
      assertThat(node.meta(".k256_pubkey")).isEqualTo(key);
      assertThat(node.meta(".bootstrap_info.k256_pubkey")).isEqualTo(key);
      assertThat(node.meta(".kms_contract_address, .chain_id, .app_auth_implementation"))
          .isEqualTo(
              "0xFaAD000000000000000000000000000000004DBC\n84532\n"
                  + "0x43ac00000000000000000000000000000000A578");
      assertThat(node.metrics())
          .contains(
              "\ndstack_kms_attestation_requests_total 0\n",
              "\ndstack_kms_attestation_failures_total 0\n");
      hasItsEnginesAndArchiveAndNoRights(node.container());
      node.stop();
    }
  }

  /** The kms service of the guide's compose files as it stands, script and all. */
  @Test
  void runsTheGuidesUnchangedCommandInTheVariantWithAShell() throws IOException {
    Path volume = Files.createDirectory(folder.resolve("volume"));
    try (Webhook webhook = new Webhook();
        Host host = new Host(folder);
        GuideNode node = new GuideNode(host, volume, scripted(host, volume, webhook))) {
      String key = bootstraps(node);
      node.finish();
      assertThat(node.meta(".k256_pubkey")).isEqualTo(key);
      assertThat(node.container().output()).contains(ENGINES);
      assertThat(volume.resolve("certs/root-k256.key")).exists();
      node.stop();
    }
  }

  private static Background scripted(Host host, Path volume, Webhook webhook) {
    return Container.of(Image.of("shell"), volume)
        .on(host)
        .with(placed(host, webhook))
        .start(
            "sh",
            "-c",
            "set -e\nmkdir -p /kms/certs /kms/images\ncat > /kms/kms.toml <<EOK\n"
                + PublishedConfig.GUIDE.toml
                + "EOK\n\nexec dstack-kms -c /kms/kms.toml\n");
  }

  /** Places a server on its machine by variables, in the container's paths. */
  private static Map<String, String> placed(Host host, Webhook webhook) {
    Map<String, String> variables = new HashMap<>(host.environment());
    for (String path :
        List.of("CORE_CERT_DIR", "RPC_TLS_KEY", "RPC_TLS_CERTS", "CORE_IMAGE_CACHE_DIR")) {
      variables.remove("KMS_" + path);
    }
    variables.remove("DSTACK_AGENT_ADDRESS");
    variables.put("KMS_CORE_ATTESTATION_ROOT_CA_TDX", GuideNode.root(host));
    variables.put("KMS_CORE_AUTH_API_WEBHOOK_URL", webhook.url());
    return variables;
  }

  private static void shows(GuideNode node) {
    for (String field : List.of("device_id", "mr_aggregated", "os_image_hash")) {
      assertThat(node.shown("." + field)).matches("[0-9a-f]{64}");
    }
    assertThat(node.shown(".attestation_mode")).isEqualTo("dstack-tdx");
  }

  private static void isDenied(GuideNode node, Webhook webhook) {
    webhook.deny("Aggregated MR not allowed");
    assertThat(jq(node.bootstrap(), ".error"))
        .isEqualTo("KMS is not allowed to bootstrap: boot denied: Aggregated MR not allowed");
    webhook.allow();
  }

  private static String bootstraps(GuideNode node) {
    String made = node.bootstrap();
    assertThat(jq(made, "keys_unsorted | join(\" \")"))
        .isEqualTo("ca_pubkey k256_pubkey attestation");
    assertThat(jq(made, ".ca_pubkey")).startsWith("3059301306072a8648ce3d0201");
    assertThat(jq(made, ".attestation")).startsWith("00");
    return jq(made, ".k256_pubkey");
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
}
