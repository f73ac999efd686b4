package dstack.kms.cli.dev;

import static org.assertj.core.api.Assertions.assertThat;

import dstack.kms.cli.Run;
import dstack.kms.sim.platform.PlatformKind;
import dstack.kms.testkit.ConnectProxy;
import dstack.kms.testkit.Tool;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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

  @TempDir private Path folder;

  private TestServer server(String name, PlatformKind kind) {
    return new TestServer(folder.resolve(name), kind);
  }

  @ParameterizedTest
  @EnumSource(PlatformKind.class)
  void getsKeysOnEachPlatformWhateverOfTheKmsItGoesBy(PlatformKind kind) throws Exception {
    try (TestServer dev = server("dev", kind)) {
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
    try (TestServer dev = server("dev", PlatformKind.TDX);
        TestServer other = server("other", PlatformKind.TDX)) {
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
    try (TestServer dev = server("dev", PlatformKind.TDX)) {
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
      new TestServer.Answer(nobody).refused(3, "client-unreachable");
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
    try (TestServer dev = server("dev", PlatformKind.NITRO);
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

  @Test
  void asksTheNextServerAndEndsWithThreeOnlyWhereNobodyDecided() throws Exception {
    try (TestServer dev = server("dev", PlatformKind.TDX);
        TestServer other = server("other", PlatformKind.TDX);
        ServerSocket silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      String right = "https://localhost:" + dev.port();
      String stranger = "https://localhost:" + other.port();
      String hanging = "https://localhost:" + silent.getLocalPort();
      String down = "https://localhost:1";
      for (String first : List.of(down, hanging, stranger)) {
        Run run = urls(dev, first + "," + right, "--timeout", "20s").run();
        assertThat(run.status()).as(run.err()).isZero();
      }
      urls(dev, down + "," + hanging, "--json", "--timeout", "3s").refusedWith(3);
      urls(dev, stranger + "," + down, "--json", "--timeout", "3s")
          .refused(1, "fetch-other-root-ca");
    }
  }

  private static TestServer.Answer urls(TestServer dev, String urls, String... more) {
    List<String> words = new ArrayList<>(dev.words());
    words.set(words.indexOf("--kms-url") + 1, urls);
    words.addAll(
        List.of(
            "--root-ca",
            dev.root(),
            "--set",
            "core.agent_address=" + dev.host().first().agentAddress()));
    words.addAll(List.of(more));
    return new TestServer.Answer(Run.of(words.toArray(String[]::new)));
  }

  /** Nobody listens at the URL: each is refused before anybody is asked. */
  @Test
  void fetchesNoKeysThatItCannotKeep() throws Exception {
    Path root = Files.writeString(folder.resolve("root.crt"), "not read");
    Path missing = folder.resolve("missing/app_keys.json");
    Path link = Files.createSymbolicLink(folder.resolve("null"), Path.of("/dev/null"));
    for (Path output : List.of(missing, link, folder)) {
      new TestServer.Answer(keep(root, "-o", output.toString())).refused(1, "fetch-output");
    }
    assertThat(Files.readSymbolicLink(link)).isEqualTo(Path.of("/dev/null"));
    String one = folder.resolve("one").toString();
    String same = folder.resolve("x/../one").toString();
    Run twice = keep(root, "-o", one, "--certificate", same, "--certificate-key", one + ".key");
    assertThat(twice.status()).isEqualTo(2);
    assertThat(twice.err()).contains("are different files");
    assertThat(keep(root, "--certificate", one, "--certificate-key", same).status()).isEqualTo(2);
  }

  private static Run keep(Path root, String... more) {
    List<String> words =
        new ArrayList<>(
            List.of("get-keys", "-k", "https://127.0.0.1:1", "--app-id", "11".repeat(20)));
    words.addAll(List.of("--root-ca", root.toString(), "--json"));
    words.addAll(List.of(more));
    return Run.of(words.toArray(String[]::new));
  }
}
