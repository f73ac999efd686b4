package dstack.kms.cli.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import dstack.kms.cli.Run;
import dstack.kms.core.config.ConfigSources;
import dstack.kms.core.config.KmsConfig;
import dstack.kms.testkit.ProjectRoot;
import dstack.kms.testkit.Tool;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Projects that {@code deploy/gcp/new-project} makes are ones that dstack-cloud deploys. */
final class GcpProjectTest {
  private static final Path SHIPPED = ProjectRoot.path().resolve("deploy");

  /** Of the form of an age recipient. */
  private static final String HOLDER =
      "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p";

  /** What dstack-cloud writes, by the library that it writes it with; and its hash. */
  private static final String AS_THE_TOOL =
      """
      import hashlib, json, sys
      folder = sys.argv[1]
      def text(name):
          with open(folder + "/" + name, encoding="utf-8", newline="") as file:
              return file.read()
      app = json.loads(text("app.json"))
      keys = ("gateway_enabled public_logs public_sysinfo public_tcbinfo key_provider_id allowed_envs"
              " no_instance_id secure_time key_provider storage_fs").split()
      compose = {"manifest_version": 2, "name": app["name"], "runner": "docker-compose",
                 "docker_compose_file": text("docker-compose.yaml")}
      compose.update({key: app[key] for key in keys})
      compose["pre_launch_script"] = text("prelaunch.sh")
      written = json.dumps(compose, indent=2)
      with open(folder + "/shared/app-compose.json", "w") as file:
          file.write(written)
      print("0x" + hashlib.sha256(written.encode()).hexdigest())
      """;

  @TempDir private Path folder;
  private final Map<String, String> variables = new HashMap<>();
  private Path project;

  private record Ended(int status, String out) {}

  @BeforeEach
  void values() {
    Tool.require("jq");
    project = folder.resolve("kms-prod");
    variables.put("KMS_IMAGE", "registry.example/dstack-kms@sha256:" + "ab".repeat(32));
    variables.put("AUTH_API_IMAGE", "registry.example/auth-eth@sha256:" + "ef".repeat(32));
    variables.put("HELIOS_IMAGE", "registry.example/helios@sha256:" + "cd".repeat(32));
    variables.put("DATADOG_IMAGE", "registry.example/agent@sha256:" + "01".repeat(32));
    variables.put("KMS_CONTRACT_ADDR", "0x" + "1A".repeat(20));
    variables.put("CHAIN_ID", "84532");
    variables.put("ETH_RPC_URL", "https://rpc.example/v2/key?a=b");
  }

  private Ended run(List<String> command) throws Exception {
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder
        .environment()
        .keySet()
        .removeIf(name -> name.matches("KMS_.*|BACKUP_.*|PROJECT|ZONE|BUCKET"));
    builder.environment().putAll(variables);
    Process process = builder.start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Ended(process.waitFor(), out);
  }

  private Ended make(String variant) throws Exception {
    return run(List.of(SHIPPED.resolve("gcp/new-project").toString(), variant, project.toString()));
  }

  private void made(String variant) throws Exception {
    Ended ended = make(variant);
    assertThat(ended.status()).as(ended.out()).isZero();
  }

  private Ended hash(String... more) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(SHIPPED.resolve("gcp/compose-hash").toString());
    command.add(project.toString());
    command.addAll(List.of(more));
    return run(command);
  }

  private String hashOfTheTool() throws Exception {
    Path script = Files.writeString(folder.resolve("tool.py"), AS_THE_TOOL);
    Ended ended =
        run(List.of(Tool.require("python3").toString(), script.toString(), project.toString()));
    assertThat(ended.status()).as(ended.out()).isZero();
    return ended.out().strip();
  }

  private JsonNode app() throws IOException {
    return JsonMapper.shared().readTree(Files.readString(project.resolve("app.json")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"direct", "light", "direct.datadog", "light.datadog", "webhook"})
  void namesTheHashThatTheToolWillDeploy(String variant) throws Exception {
    Ended ended = make(variant);
    String expected = hashOfTheTool();
    assertThat(ended.out().lines().toList().getLast()).isEqualTo("compose hash " + expected);

    String written = project.resolve("shared/app-compose.json").toString();
    assertThat(Run.of("gov", "compose-hash", written).out().strip()).isEqualTo(expected);
    Path own = folder.resolve("app-compose.json");
    assertThat(hash(own.toString()).status()).isZero();
    assertThat(Files.mismatch(own, Path.of(written))).isEqualTo(-1);
  }

  @Test
  void writesWhatIsNotAsciiAsTheToolDoes() throws Exception {
    made("direct");
    Files.writeString(
        project.resolve("docker-compose.yaml"),
        "# é ü 😀 \\ \" / \t \u2028 <>&'\r\nservices: {}\n");
    assertThat(hash().out().strip()).isEqualTo("compose hash " + hashOfTheTool());
  }

  /** The tool puts its names into the file, or deploys nothing. */
  @Test
  void hasNoHashWhileThePrelaunchScriptsTrialLies() throws Exception {
    made("direct");
    String hash = hash().out();
    Ended tried = run(List.of("sh", "-c", "cd \"$0\" && ./prelaunch.sh", project.toString()));
    assertThat(tried.status()).as(tried.out()).isZero();
    Ended ended = hash();
    assertThat(ended.status()).isEqualTo(1);
    assertThat(ended.out()).contains("a .env in ").doesNotContain("compose hash 0x");

    Files.delete(project.resolve(".env"));
    assertThat(hash().out()).isEqualTo(hash);
  }

  @Test
  void refusesWhatTheToolWouldWriteInAnotherWay() throws Exception {
    made("direct");
    Files.writeString(project.resolve("docker-compose.yaml"), "# \u007f\n");
    Ended ended = hash();
    assertThat(ended.status()).isEqualTo(1);
    assertThat(ended.out()).contains("DEL character");
  }

  /** A hash of nothing, or of half a file, would be registered as if it were the machine's. */
  @ParameterizedTest
  @ValueSource(strings = {"", "{\"name\":", "[]", "{}", "{\"name\":\"dstack-kms\"}", "null"})
  void hasNoHashOfAnAppJsonThatIsNone(String content) throws Exception {
    made("direct");
    Files.writeString(project.resolve("app.json"), content);
    Path written = folder.resolve("app-compose.json");
    Ended ended = hash(written.toString());
    assertThat(ended.status()).isEqualTo(1);
    assertThat(ended.out()).contains("compose-hash: ").doesNotContain("compose hash");
    assertThat(written).doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(strings = {"direct", "light", "direct.datadog", "light.datadog", "webhook"})
  void hasTheFilesOfTheToolAndNoSecondCopyOfOurs(String variant) throws Exception {
    made(variant);
    assertThat(
            Files.mismatch(
                project.resolve("docker-compose.yaml"),
                SHIPPED.resolve("compose/" + variant + ".yaml")))
        .isEqualTo(-1);
    assertThat(project.resolve(".user-config")).hasContent("{}");
    assertThat(project.resolve("shared")).isEmptyDirectory();
    assertThat(project.resolve("prelaunch.sh")).isExecutable();
    List<String> shipped = Files.readAllLines(SHIPPED.resolve("gcp/prelaunch.sh"));
    List<String> own = Files.readAllLines(project.resolve("prelaunch.sh"));
    assertThat(outsideOfTheDashes(own)).isEqualTo(outsideOfTheDashes(shipped));
  }

  /** What nobody is to change. */
  private static List<String> outsideOfTheDashes(List<String> script) {
    int first = script.indexOf("# ----");
    int last = script.lastIndexOf("# ----");
    assertThat(last).isGreaterThan(first);
    List<String> outside = new ArrayList<>(script.subList(0, first));
    outside.addAll(script.subList(last, script.size()));
    return outside;
  }

  @Test
  void hasAnAppJsonOfTheTool() throws Exception {
    variables.putAll(
        Map.of("PROJECT", "my-project", "ZONE", "europe-west4-a", "BUCKET", "gs://my-bucket"));
    made("direct");
    JsonNode app = app();
    assertThat(app.propertyNames())
        .containsExactly(
            "name",
            "os_image",
            "gcp_config",
            "instance_id_seed",
            "app_id",
            "docker_compose_file",
            "prelaunch_script",
            "gateway_enabled",
            "public_logs",
            "public_sysinfo",
            "public_tcbinfo",
            "key_provider",
            "storage_fs",
            "no_instance_id",
            "secure_time",
            "allowed_envs",
            "key_provider_id");
    assertThat(app.get("gcp_config").propertyNames())
        .containsExactly(
            "project",
            "zone",
            "instance_name",
            "machine_type",
            "boot_image",
            "boot_image_tar",
            "data_image",
            "data_size",
            "bucket",
            "network",
            "subnet",
            "service_account",
            "scopes",
            "tags",
            "labels");
    assertThat(app.get("key_provider").stringValue()).isEqualTo("tpm");
    assertThat(app.get("gateway_enabled").booleanValue()).isFalse();
    assertThat(app.get("no_instance_id").booleanValue()).isTrue();
    assertThat(app.at("/gcp_config/zone").stringValue()).isEqualTo("europe-west4-a");
    assertThat(app.at("/gcp_config/bucket").stringValue()).isEqualTo("gs://my-bucket");
    assertThat(app.get("app_id").stringValue()).matches("[0-9a-f]{40}");
  }

  @Test
  void givesEachProjectAnIdOfItsOwn() throws Exception {
    made("direct");
    String first = app().get("app_id").stringValue();
    assertThat(app().get("instance_id_seed").stringValue()).isNotEqualTo(first);
    project = folder.resolve("other");
    made("direct");
    assertThat(app().get("app_id").stringValue()).isNotEqualTo(first);
  }

  @ParameterizedTest
  @CsvSource({
    "direct, ETH_RPC_URL, ''",
    "light, HELIOS_IMAGE, EXECUTION_RPC",
    "webhook, AUTH_API_IMAGE, ''",
    "direct.datadog, ETH_RPC_URL, DD_API_KEY DD_SITE DD_ENV DD_SERVICE DD_TAGS",
    "light.datadog, HELIOS_IMAGE, EXECUTION_RPC DD_API_KEY DD_SITE DD_ENV DD_SERVICE DD_TAGS",
  })
  void measuresWhatDecidesAndAllowsTheHostWhatDoesNot(
      String variant, String measured, String allowed) throws Exception {
    made(variant);
    assertThat(Files.readString(project.resolve("prelaunch.sh")))
        .contains("\n" + measured + "=" + variables.get(measured) + "\n")
        .contains("\nKMS_CONTRACT_ADDR=" + variables.get("KMS_CONTRACT_ADDR") + "\n")
        .contains("\nALLOWED=\"" + allowed + "\"\n");
  }

  @Test
  void measuresTheAgentOfDatadogByItsDigest() throws Exception {
    String image = variables.put("DATADOG_IMAGE", "registry.datadoghq.com/agent:7");
    assertThat(make("direct.datadog").out())
        .contains("DATADOG_IMAGE is not an image by its digest");
    variables.put("DATADOG_IMAGE", "");
    assertThat(make("direct.datadog").out()).contains("set DATADOG_IMAGE");
    assertThat(project).doesNotExist();

    variables.put("DATADOG_IMAGE", image);
    made("light.datadog");
    assertThat(Files.readString(project.resolve("prelaunch.sh")))
        .contains("\nDATADOG_IMAGE=" + image + "\n");
  }

  @Test
  void letsTheGuestWriteTheVariablesOfItsComposeFile() throws Exception {
    variables.put("ETH_CHECKPOINT", "0x" + "ef".repeat(32));
    made("light");
    Files.writeString(project.resolve(".user-config"), "{\"EXECUTION_RPC\":\"https://x.example\"}");
    variables.put("USER_CONFIG", project.resolve(".user-config").toString());
    Ended ended =
        run(List.of("sh", "-c", "cd \"$0\" && ./prelaunch.sh && cat .env", project.toString()));
    assertThat(ended.out().lines())
        .containsExactly(
            "KMS_HTTPS_PORT=12001",
            "AUTH_HTTP_PORT=18000",
            "KMS_OPERATIONS_PORT=8002",
            "KMS_IMAGE=" + variables.get("KMS_IMAGE"),
            "KMS_CONTRACT_ADDR=" + variables.get("KMS_CONTRACT_ADDR"),
            "CHAIN_ID=84532",
            "HELIOS_IMAGE=" + variables.get("HELIOS_IMAGE"),
            "ETH_CHECKPOINT=0x" + "ef".repeat(32),
            "EXECUTION_RPC='https://x.example'");
  }

  @ParameterizedTest
  @ValueSource(strings = {"direct", "light", "direct.datadog", "light.datadog", "webhook"})
  void measuresTheHoldersOfABackupAndOpensTheWayToItsMaking(String variant) throws Exception {
    variables.put("BACKUP_HOLDERS", HOLDER + " " + HOLDER + " " + HOLDER);
    made(variant);
    Compose compose = Compose.of(project.resolve("docker-compose.yaml"));
    Path file = Files.writeString(folder.resolve("kms.toml"), compose.config("kms", variables));
    variables.put("DSTACK_KMS_ADMIN_TOKEN", "a token");
    Map<String, String> environment = new HashMap<>();
    Compose.map(compose.service("kms").get("environment"))
        .forEach(
            (name, value) ->
                environment.put(name, Compose.interpolate(String.valueOf(value), variables)));
    KmsConfig config =
        KmsConfig.load(ConfigSources.none().withEnvironment(environment).withFile(file.toString()));

    assertThat(config.backup().holders()).containsExactly(HOLDER, HOLDER, HOLDER);
    assertThat(config.backup().threshold()).isEqualTo(2);
    assertThat(config.admin().enabled()).isTrue();
    assertThat(config.admin().listen().socketAddress().toString()).isEqualTo("/0.0.0.0:8001");
    assertThat(config.weakenings()).isEmpty();
    assertThat(compose.service("kms").get("ports"))
        .asInstanceOf(InstanceOfAssertFactories.list(String.class))
        .containsOnlyOnce("8001:8001");
    // What reads the same file beside the node needs no token.
    assertThat(KmsConfig.load(ConfigSources.none().withFile(file.toString())).admin().enabled())
        .isFalse();
    assertThat(Files.readString(project.resolve("prelaunch.sh")))
        .containsPattern("\nALLOWED=\"([A-Z_]+ )*DSTACK_KMS_ADMIN_TOKEN\"\n");
    assertThat(hash().out().strip()).isEqualTo("compose hash " + hashOfTheTool());
  }

  @ParameterizedTest
  @CsvSource({
    "BACKUP_HOLDERS, carol.pem, 2",
    "BACKUP_HOLDERS, age1short, 2",
    "BACKUP_HOLDERS, '" + HOLDER + "', 2",
    "BACKUP_THRESHOLD, '" + HOLDER + " " + HOLDER + "', 3",
    "BACKUP_THRESHOLD, '" + HOLDER + " " + HOLDER + "', 1",
    "BACKUP_THRESHOLD, '" + HOLDER + " " + HOLDER + "', two",
  })
  void makesNothingForABackupThatNobodyCouldRestore(String name, String holders, String threshold)
      throws Exception {
    variables.put("BACKUP_HOLDERS", holders);
    variables.put("BACKUP_THRESHOLD", threshold);
    Ended ended = make("direct");
    assertThat(ended.status()).isEqualTo(2);
    assertThat(ended.out()).startsWith("new-project: BACKUP_").contains(name);
    assertThat(project).doesNotExist();
  }

  @ParameterizedTest
  @CsvSource({
    "KMS_IMAGE, registry.example/dstack-kms:latest",
    "KMS_IMAGE, ''",
    "KMS_IMAGE, 'registry.example/k@sha256:abab'",
    "KMS_CONTRACT_ADDR, 0x1234",
    "KMS_CONTRACT_ADDR, ''",
    "CHAIN_ID, 0x14a34",
    "CHAIN_ID, 0",
    "ETH_RPC_URL, sepolia.base.org",
    "ETH_RPC_URL, 'https://x.example/$(id)'",
    "ETH_RPC_URL, 'https://x.example/''; id; '''",
    "ETH_RPC_URL, 'https://x.example\nKMS_IMAGE=evil'",
    "ETH_RPC_URL, ''",
  })
  void makesNothingOfAValueOfAnotherForm(String name, String value) throws Exception {
    variables.put(name, value);
    Ended ended = make("direct");
    assertThat(ended.status()).isEqualTo(2);
    assertThat(ended.out()).startsWith("new-project: ").contains(name);
    assertThat(project).doesNotExist();
  }

  @Test
  void touchesNothingThatIsThere() throws Exception {
    Files.createDirectory(project);
    Ended ended = make("direct");
    assertThat(ended.status()).isEqualTo(1);
    assertThat(ended.out()).contains("exists");
    assertThat(project).isEmptyDirectory();
    assertThat(make("indirect").status()).isEqualTo(2);
  }
}
