package dstack.kms.cli.dev;

import static org.assertj.core.api.Assertions.assertThat;

import dstack.kms.cli.Run;
import dstack.kms.core.authority.Authorities;
import dstack.kms.core.config.AttestationConfig;
import dstack.kms.onboard.node.NodeContext;
import dstack.kms.rpc.tls.TlsDefaults;
import dstack.kms.sim.platform.PlatformKind;
import dstack.kms.testkit.ConnectProxy;
import dstack.kms.testkit.Tool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code kms get-keys} against {@code kms dev}, with what an operator of an enclave would see. */
@Timeout(300)
final class GetKeysTest {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final SecureRandom RANDOM = new SecureRandom();

  @TempDir private Path folder;

  /** A development server and the machine beside it. */
  private final class Dev implements AutoCloseable {
    private final DevHost host;
    private final DevFleet fleet;

    Dev(String name, PlatformKind kind) {
      TlsDefaults.apply();
      NodeContext context =
          new NodeContext(
              InstantSource.system(), RANDOM, "0.1.0", "v0.1.0 (git:0)", Authorities::of);
      host = DevHost.start(folder.resolve(name), kind, new DevClock(context.clock(), RANDOM));
      fleet = DevFleet.start(host, 1, 0, Map.of(), context);
    }

    int port() {
      return fleet.first().port();
    }

    String root() {
      return host.first().certificates().resolve("root-ca.crt").toString();
    }

    String k256() {
      return get("--root-ca", root(), "-o", out("k256.json"), "--json")
          .json()
          .get("k256_pubkey")
          .asString();
    }

    String out(String name) {
      return folder.resolve(name).toString();
    }

    /** The settings by which this host's own evidence is verified, and its policy. */
    String[] attested() {
      List<String> settings = new ArrayList<>(List.of("--attested"));
      Stream.of(
              "core.insecure_development=true",
              "core.attestation.insecure_allow_external_trust_anchors=true",
              "core.auth_api.type=file",
              "core.auth_api.file.strict=true",
              "core.auth_api.file.path=" + ((FilePolicy) host.policy()).file())
          .forEach(each -> settings.addAll(List.of("--set", each)));
      AttestationConfig configured = host.config(0, Map.of()).attestation();
      configured.rootCa().entrySet().stream()
          .map(root -> "core.attestation.root_ca." + root.getKey().key() + "=" + root.getValue())
          .forEach(each -> settings.addAll(List.of("--set", each)));
      settings.addAll(
          List.of(
              "--set",
              "core.attestation.urls.pccs=" + configured.pccs().getFirst().uri(),
              "--set",
              "core.attestation.urls.amd_kds=" + configured.amdKds().uri()));
      return settings.toArray(String[]::new);
    }

    Answer get(String... more) {
      return with(Map.of(), more);
    }

    Answer with(Map<String, String> variables, String... more) {
      List<String> arguments =
          new ArrayList<>(
              List.of(
                  "get-keys",
                  "--kms-url",
                  "https://localhost:" + port(),
                  "--app-id",
                  host.enclave().identity().appId().hex(),
                  "--set",
                  "core.agent_address=" + host.first().agentAddress()));
      arguments.addAll(List.of(more));
      return new Answer(Run.with(variables, arguments.toArray(String[]::new)));
    }

    @Override
    public void close() {
      fleet.close();
      host.close();
    }
  }

  private record Answer(Run run) {
    JsonNode json() {
      assertThat(run.status()).as(run.err() + run.out()).isZero();
      return JSON.readTree(run.out());
    }

    void refused(int status, String code) {
      assertThat(run.status()).as(run.err() + run.out()).isEqualTo(status);
      assertThat(JSON.readTree(run.out()).get("code").asString()).as(run.out()).isEqualTo(code);
    }
  }

  @ParameterizedTest
  @EnumSource(PlatformKind.class)
  void getsKeysOnEachPlatformWhateverOfTheKmsItGoesBy(PlatformKind kind) throws Exception {
    try (Dev dev = new Dev("dev", kind)) {
      JsonNode keys = dev.get("--root-ca", dev.root()).json();
      assertThat(keys.propertyNames())
          .containsExactly(
              "disk_crypt_key",
              "env_crypt_key",
              "k256_key",
              "k256_signature",
              "gateway_app_id",
              "ca_cert",
              "key_provider");
      assertThat(dev.get("--k256-pubkey", dev.k256()).json()).isEqualTo(keys);
      assertThat(dev.get(dev.attested()).json()).isEqualTo(keys);
      Path file = folder.resolve("app_keys.json");
      Path chain = folder.resolve("chain.pem");
      JsonNode said =
          dev.get(
                  "--root-ca",
                  dev.root(),
                  "-o",
                  file.toString(),
                  "--json",
                  "--certificate",
                  chain.toString(),
                  "--certificate-key",
                  dev.out("key.pem"),
                  "--alt-name",
                  "app.example")
              .json();
      assertThat(said.get("sealed").asBoolean()).isTrue();
      assertThat(JSON.readTree(Files.readString(file))).isEqualTo(keys);
      assertThat(openssl(dev.root(), chain)).contains(": OK");
    }
  }

  private static String openssl(String root, Path chain) throws Exception {
    Process process =
        new ProcessBuilder(
                Tool.require("openssl").toString(),
                "verify",
                "-CAfile",
                root,
                "-untrusted",
                chain.toString(),
                "-verify_hostname",
                "app.example",
                chain.toString())
            .redirectErrorStream(true)
            .start();
    return new String(
        process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
  }

  @Test
  void refusesEveryOtherKmsEachWithItsOwnCode() {
    try (Dev dev = new Dev("dev", PlatformKind.TDX);
        Dev other = new Dev("other", PlatformKind.TDX)) {
      dev.get("--root-ca", other.root(), "--json").refused(1, "fetch-other-root-ca");
      dev.get("--k256-pubkey", other.k256(), "--json").refused(1, "fetch-other-k256-key");
      List<String> foreign = new ArrayList<>(List.of(other.attested()));
      foreign.add("--json");
      assertThat(dev.get(foreign.toArray(String[]::new)).run().status()).isEqualTo(1);
      List<String> denied = new ArrayList<>(List.of(dev.attested()));
      denied.addAll(List.of("--json", "--set", "core.auth_api.file.path=" + emptyPolicy()));
      dev.get(denied.toArray(String[]::new)).refused(1, "fetch-kms-not-allowed");
    }
  }

  private Path emptyPolicy() {
    try {
      return Files.writeString(
          folder.resolve("empty.json"),
          "{\"gatewayAppId\":\"any\",\"osImages\":[],\"allowedTcbStatuses\":[\"UpToDate\"],"
              + "\"kms\":{\"mrAggregated\":[],\"devices\":[]},\"apps\":{}}");
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void endsWithThreeWhereNobodyAnswersAndWithTwoWhereNothingIsSaid() {
    try (Dev dev = new Dev("dev", PlatformKind.TDX)) {
      Run nobody =
          Run.of(
              "get-keys",
              "-k",
              "https://127.0.0.1:1",
              "--app-id",
              "11".repeat(20),
              "--root-ca",
              dev.root(),
              "--timeout",
              "5s",
              "--json");
      new Answer(nobody).refused(3, "client-unreachable");
      assertThat(dev.get().run().status()).isEqualTo(2);
      assertThat(dev.get().run().err()).contains("say which KMS is good");
      assertThat(
              dev.get("--root-ca", dev.root(), "--insecure-skip-kms-verification").run().status())
          .isEqualTo(2);
      Run loud = dev.get("--insecure-skip-kms-verification").run();
      assertThat(loud.status()).isZero();
      assertThat(loud.err()).contains("WARNING: THE KMS IS NOT VERIFIED");
    }
  }

  @Test
  void goesThroughTheProxyOfTheVariablesAndOfTheOption() {
    try (Dev dev = new Dev("dev", PlatformKind.NITRO);
        ConnectProxy proxy = ConnectProxy.onLoopback(dev.port())) {
      String url = "http://127.0.0.1:" + proxy.port();
      dev.with(Map.of("HTTPS_PROXY", url), "--root-ca", dev.root()).json();
      assertThat(proxy.heads()).hasSize(1);
      dev.with(Map.of("HTTPS_PROXY", url, "NO_PROXY", "localhost"), "--root-ca", dev.root()).json();
      dev.with(Map.of("HTTPS_PROXY", url), "--root-ca", dev.root(), "--proxy", "none").json();
      assertThat(proxy.heads()).hasSize(1);
      dev.get("--root-ca", dev.root(), "--proxy", url).json();
      assertThat(proxy.heads()).hasSize(2);
      proxy.answerWith("HTTP/1.1 403 Forbidden\r\n\r\n");
      dev.get("--root-ca", dev.root(), "--proxy", url, "--timeout", "5s", "--json")
          .refused(3, "client-proxy-refused");
      assertThat(dev.get("--root-ca", dev.root(), "--proxy", "ftp://x").run().status())
          .isEqualTo(1);
    }
  }
}
