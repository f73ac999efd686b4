package dstack.kms.cli.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dstack.kms.core.config.AuthorityConfig;
import dstack.kms.core.config.ConfigSources;
import dstack.kms.core.config.KmsConfig;
import dstack.kms.testkit.Tool;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;

/** The compose files are what compose takes, and what they hand the server is what that takes. */
final class ComposeTest {
  private static final Map<String, String> VARIABLES =
      Map.of(
          "KMS_IMAGE",
          "registry.example/dstack-kms@sha256:" + "ab".repeat(32),
          "AUTH_API_IMAGE",
          "registry.example/auth-eth@sha256:" + "ef".repeat(32),
          "HELIOS_IMAGE",
          "registry.example/helios@sha256:" + "cd".repeat(32),
          "DATADOG_IMAGE",
          "registry.example/agent@sha256:" + "01".repeat(32),
          "KMS_CONTRACT_ADDR",
          "0x" + "11".repeat(20),
          "CHAIN_ID",
          "84532",
          "ETH_RPC_URL",
          "https://rpc.example/key",
          "EXECUTION_RPC",
          "https://rpc.example/proofs",
          "DD_API_KEY",
          "0".repeat(32));

  @TempDir private Path folder;

  /** Compose 1.29 knows neither the text of a config nor its use without a swarm: both apart. */
  private static Map<String, Object> withoutConfigs(Compose compose) {
    Map<String, Object> plain = new HashMap<>(compose.document());
    plain.remove("configs");
    Map<String, Object> services = compose.services();
    services.replaceAll(
        (name, _) -> {
          Map<String, Object> service = compose.service(name);
          service.remove("configs");
          return service;
        });
    plain.put("services", services);
    plain.put("version", "3.9");
    return plain;
  }

  private String checked(Map<String, Object> document, Map<String, String> variables)
      throws IOException, InterruptedException {
    Path file =
        Files.writeString(
            folder.resolve("docker-compose.yaml"),
            new Dump(DumpSettings.builder().build()).dumpToString(document));
    ProcessBuilder builder =
        new ProcessBuilder(
                Tool.require("docker-compose").toString(), "-f", file.toString(), "config")
            .redirectErrorStream(true);
    builder.environment().putAll(variables);
    Process process = builder.start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return process.waitFor() + " " + output;
  }

  @ParameterizedTest
  @ValueSource(strings = {"direct", "light", "direct.datadog", "light.datadog", "webhook"})
  void composeTakesTheFile(String name) throws Exception {
    assertThat(checked(withoutConfigs(Compose.read(name)), VARIABLES)).startsWith("0 ");
  }

  /** What compose 1.29 cannot judge, by the rules of the compose specification. */
  @ParameterizedTest
  @ValueSource(strings = {"direct", "light", "direct.datadog", "light.datadog", "webhook"})
  void everyConfigHasATextAndIsPutIntoAServiceByItsName(String name) {
    Compose compose = Compose.read(name);
    // The project's name is the machine's to give ("dstack"), and version is obsolete.
    assertThat(compose.document()).containsOnlyKeys("services", "configs", "volumes");
    Set<Object> used = new HashSet<>();
    for (String service : compose.services().keySet()) {
      if (compose.service(service).get("configs") instanceof List<?> mounts) {
        for (Object mount : mounts) {
          assertThat(Compose.map(mount)).containsOnlyKeys("source", "target");
          assertThat(String.valueOf(Compose.map(mount).get("target"))).startsWith("/etc/");
          used.add(Compose.map(mount).get("source"));
        }
      }
    }
    Map<String, Object> configs = Compose.map(compose.document().get("configs"));
    assertThat(configs.keySet()).isEqualTo(used);
    assertThat(configs.values())
        .allSatisfy(
            config -> {
              assertThat(Compose.map(config)).containsOnlyKeys("content");
              assertThat(Compose.map(config).get("content")).isInstanceOf(String.class);
            });
  }

  @Test
  void composeFindsAMisspeltKeyAndAMissingVariable() throws Exception {
    Map<String, Object> document = withoutConfigs(Compose.read("direct"));
    Map<String, String> fewer = new HashMap<>(VARIABLES);
    fewer.remove("KMS_IMAGE");
    assertThat(checked(document, fewer)).doesNotStartWith("0 ").contains("set KMS_IMAGE in .env");

    Compose.map(document.get("services"));
    Map<String, Object> kms = Compose.map(Compose.map(document.get("services")).get("kms"));
    kms.put("red_only", true);
    document.put("services", Map.of("kms", kms));
    assertThat(checked(document, VARIABLES)).doesNotStartWith("0 ").contains("red_only");
  }

  @ParameterizedTest
  @CsvSource({
    "direct, auth-api kms",
    "light, auth-api helios kms",
    "direct.datadog, auth-api datadog-agent kms",
    "light.datadog, auth-api datadog-agent helios kms",
  })
  void hasTheServicesOfTheGuideButNoneThatCompiles(String name, String services) {
    Compose compose = Compose.read(name);

    assertThat(compose.services().keySet().stream().sorted())
        .containsExactly(services.split(" ", -1));
    assertThat(compose.service("kms")).isEqualTo(Compose.read("direct").service("kms"));
    assertThat(compose.service("kms").get("ports"))
        .isEqualTo(List.of("${KMS_HTTPS_PORT:-12001}:8000", "${KMS_OPERATIONS_PORT:-8002}:8002"));
    assertThat(compose.service("auth-api").get("ports"))
        .isEqualTo(List.of("${AUTH_HTTP_PORT:-18000}:8000"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"direct", "light", "direct.datadog", "light.datadog", "webhook"})
  void theServersHaveNoMoreRightsThanTheyNeed(String name) {
    for (String service : List.of("kms", "auth-api")) {
      assertThat(Compose.read(name).service(service))
          .containsEntry("cap_drop", List.of("ALL"))
          .containsEntry("security_opt", List.of("no-new-privileges:true"))
          .containsEntry("ulimits", Map.of("core", 0))
          .doesNotContainKeys("user", "privileged", "cap_add", "network_mode");
      // What a server of ours does is in its file and nowhere else.
      assertThat(Compose.read(name).service(service).containsKey("environment"))
          .isEqualTo(name.equals("webhook") && service.equals("auth-api"));
      if (!Compose.read(name).writtenInto().contains(service)) {
        assertThat(Compose.read(name).service(service)).containsEntry("read_only", true);
      }
    }
  }

  /** Compose: "cannot create config in read-only service: `file` is the sole supported option". */
  @ParameterizedTest
  @ValueSource(strings = {"direct", "light", "direct.datadog", "light.datadog", "webhook"})
  void noServiceIsReadOnlyIntoWhichComposeWritesAConfig(String name) {
    assertThat(Compose.read(name).writtenInto())
        .contains("kms")
        .allSatisfy(
            service ->
                assertThat(Compose.read(name).service(service)).doesNotContainKey("read_only"));
  }

  @ParameterizedTest
  @CsvSource({
    "'{content: a}', '[source]', true",
    "'{environment: A}', '[{source: source, target: /etc/a}]', true",
    "'{file: ./a}', '[source]', false",
    "'{content: a}', '[other]', false",
    "'{content: a}', '[]', false",
  })
  void composeWritesWhatIsNoFileIntoTheServiceThatNamesIt(
      String config, String mounts, boolean written) {
    Compose compose =
        Compose.parse(
            "services: {a: {configs: %s}}\nconfigs: {source: %s, other: {file: b}}"
                .formatted(mounts, config));
    assertThat(compose.writtenInto().contains("a")).isEqualTo(written);
  }

  @ParameterizedTest
  @ValueSource(strings = {"direct", "light", "direct.datadog", "light.datadog", "webhook"})
  void theServerTakesTheConfigurationWithoutAWarningOfWeakness(String name) throws IOException {
    KmsConfig config = load(Compose.read(name).config("kms", VARIABLES));

    assertThat(config.weakenings()).isEmpty();
    assertThat(config.rpc().listen().socketAddress().getPort()).isEqualTo(8000);
    assertThat(config.onboard().listen().socketAddress().getPort()).isEqualTo(8000);
  }

  /** On the container's loopback nobody would reach it: no kms status, no balancer, no alert. */
  @ParameterizedTest
  @ValueSource(strings = {"direct", "light", "direct.datadog", "light.datadog", "webhook"})
  void theOperationsListenerIsReachedFromOutsideOfTheContainer(String name) throws IOException {
    KmsConfig config = load(Compose.read(name).config("kms", VARIABLES));

    assertThat(config.operations().enabled()).isTrue();
    assertThat(config.operations().listen().address().isAnyLocalAddress()).isTrue();
    assertThat(Compose.read(name).service("kms").get("ports"))
        .asInstanceOf(InstanceOfAssertFactories.list(String.class))
        .anyMatch(port -> port.endsWith(":" + config.operations().listen().port()));
  }

  /** The host chooses the account, and the agent has the engine's socket. */
  @ParameterizedTest
  @ValueSource(strings = {"direct.datadog", "light.datadog"})
  void theAgentOfDatadogTakesNoOrdersFromTheAccountOfItsKey(String name) {
    Map<String, Object> agent = Compose.read(name).service("datadog-agent");
    assertThat(agent.get("environment"))
        .asInstanceOf(InstanceOfAssertFactories.list(String.class))
        .contains("DD_REMOTE_CONFIGURATION_ENABLED=false");
    assertThat(String.valueOf(agent.get("image"))).startsWith("${DATADOG_IMAGE:?");
  }

  @ParameterizedTest
  @ValueSource(strings = {"KMS_CONTRACT_ADDR", "CHAIN_ID", "ETH_RPC_URL"})
  void whatDecidesHasNoDefault(String variable) {
    Map<String, String> fewer = new HashMap<>(VARIABLES);
    fewer.remove(variable);
    assertThatThrownBy(() -> Compose.read("direct").config("kms", fewer))
        .hasMessage("set " + variable + " in .env");
  }

  @Test
  void theOriginalsAuthApiDecidesWhereItIsKept() throws IOException {
    Compose compose = Compose.read("webhook");
    assertThat(compose.services().keySet()).containsExactlyInAnyOrder("auth-api", "kms");
    assertThat(compose.service("kms")).isEqualTo(Compose.read("direct").service("kms"));
    assertThat(String.valueOf(compose.service("auth-api").get("image"))).contains("AUTH_API_IMAGE");
    assertThat(Compose.map(compose.service("auth-api").get("environment")))
        .containsOnlyKeys("HOST", "PORT", "ETH_RPC_URL", "KMS_CONTRACT_ADDR");
    assertThat(load(compose.config("kms", VARIABLES)).authority())
        .isInstanceOfSatisfying(
            AuthorityConfig.Webhook.class,
            hook -> assertThat(hook.url().display()).isEqualTo("http://auth-api:8000"));
  }

  /** The endpoint comes from outside of what is measured: nothing but the light client sees it. */
  @Test
  void nothingUnmeasuredReachesTheServersConfiguration() {
    Map<String, String> other = new HashMap<>(VARIABLES);
    for (String name : List.of("EXECUTION_RPC", "CONSENSUS_RPC", "DD_SITE", "DD_TAGS")) {
      other.put(name, "https://evil.example\"]");
    }
    for (String name : List.of("light", "light.datadog")) {
      assertThat(Compose.read(name).config("kms", other))
          .isEqualTo(Compose.read(name).config("kms", VARIABLES));
    }
  }

  @Test
  void datadogFindsTheMetricsUnderTheirOwnNames() {
    assertThat(Compose.read("direct.datadog").config("openmetrics", Map.of()))
        .isEqualTo(Compose.read("light.datadog").config("openmetrics", Map.of()))
        .contains("https://kms:8000/metrics", "namespace: \"\"", "dstack_kms_.*");
  }

  /** They have to be there before the first deployment: later they are another measurement. */
  @Test
  void theLinesForABackupGoIntoTheConfigurationAsItIs() throws IOException {
    String more =
        """

        [core.backup]
        holders = ["%s", "%s"]
        threshold = 2

        [core.admin]
        enabled = true
        address = "0.0.0.0"
        """
            .formatted(
                "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p",
                "age1lggyhqrw2nlhcxprm67z43rta597azn8gknawjehu9d9dl0jq3yqqvfafg");
    Path file =
        Files.writeString(
            folder.resolve("kms.toml"), Compose.read("direct").config("kms", VARIABLES) + more);
    ConfigSources sources = ConfigSources.none().withFile(file.toString());
    assertThatThrownBy(() -> KmsConfig.load(sources)).hasMessageContaining("auth_token");
    KmsConfig config =
        KmsConfig.load(sources.withEnvironment(Map.of("DSTACK_KMS_ADMIN_TOKEN", "5a".repeat(32))));
    assertThat(config.weakenings()).isEmpty();
    assertThat(config.backup().holders()).hasSize(2);
    assertThat(config.admin().listen().port()).isEqualTo(8001);
  }

  private KmsConfig load(String toml) throws IOException {
    Path file = Files.writeString(folder.resolve("kms.toml"), toml);
    return KmsConfig.load(ConfigSources.none().withFile(file.toString()));
  }
}
