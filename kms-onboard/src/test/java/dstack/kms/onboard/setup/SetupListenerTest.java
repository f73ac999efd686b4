package dstack.kms.onboard.setup;

import static org.assertj.core.api.Assertions.assertThat;

import dstack.kms.core.config.ConfigSources;
import dstack.kms.core.config.KmsConfig;
import dstack.kms.core.config.OnboardConfig;
import dstack.kms.onboard.certificates.RpcDomain;
import dstack.kms.onboard.testing.Curl;
import dstack.kms.rpc.http.HttpServer;
import dstack.kms.rpc.metrics.NodeMetrics;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The set-up listener over a real socket, driven by curl; what stands behind it is recorded. */
class SetupListenerTest {
  private static final String TOKEN = "correct horse battery staple";
  private static final String BOOTSTRAP = "/prpc/Onboard.Bootstrap?json";

  private final NodeMetrics metrics = new NodeMetrics();
  private final RecordingNode node = new RecordingNode();
  private HttpServer server = start(Map.of(), "");

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void answersBootstrapAsTheGuideCallsIt() {
    Curl.Reply reply = post(BOOTSTRAP, "-d", "{\"domain\":\"kms.example.com\"}");

    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.head()).containsIgnoringCase("content-type: application/json");
    assertThat(reply.body())
        .isEqualTo("{\"ca_pubkey\":\"01\",\"k256_pubkey\":\"02\",\"attestation\":\"03\"}");
    assertThat(node.bootstraps).containsExactly(new RpcDomain("kms.example.com"));
  }

  @ParameterizedTest
  @CsvSource({
    "'',domain must be a non-empty ASCII DNS name of at most 253 bytes",
    "kms_1,domain contains an invalid DNS label",
    "a..b,domain contains an invalid DNS label",
  })
  void refusesInvalidDomainsWithTheTextsOfTheOriginal(String domain, String text) {
    Curl.Reply reply = post(BOOTSTRAP, "-d", "{\"domain\":\"" + domain + "\"}");

    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.body()).isEqualTo("{\n  \"error\": \"" + text + "\"\n}");
    assertThat(node.bootstraps).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET", "POST"})
  void answersAttestationInfoUnderBothNamesOfTheVariant(String method) {
    Curl.Reply reply =
        Curl.run("-X", method, "-d", "{}", url("/prpc/Onboard.GetAttestationInfo?json"));

    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.body())
        .contains("\"tee_variant\":\"dstack-tdx\"")
        .contains("\"attestation_mode\":\"dstack-tdx\"")
        .contains("\"ppid\":\"\"");
  }

  @ParameterizedTest
  @ValueSource(strings = {"Onboard.Bootstrap?domain=a.b", "Onboard.Onboard", "Onboard.Finish"})
  void refusesEveryChangeByGet(String method) {
    node.complete = true;

    Curl.Reply reply = Curl.run(url("/prpc/" + method));

    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.body()).contains("POST only");
    assertThat(node.bootstraps).isEmpty();
    assertThat(node.finished).hasValue(0);
  }

  @Test
  void answersOnboardWithThePublicKeyOfTheRoot() {
    Curl.Reply reply =
        post(
            "/prpc/Onboard.Onboard?json",
            "-d",
            "{\"source_url\":\"https://127.0.0.1:1\",\"domain\":\"a.b\"}");

    assertThat(reply.body()).isEqualTo("{\"k256_pubkey\":\"04\"}");
  }

  @Test
  void t08_refusesGetFinishBeforeThereAreKeys() {
    Curl.Reply reply = Curl.run(url("/finish"));

    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.body()).contains("KMS has no keys yet");
    assertThat(node.finished).hasValue(0);
    assertThat(Curl.run(url("/health")).body()).isEqualTo("OK");
  }

  @Test
  void t08_refusesFinishBeforeThereAreKeys() {
    Curl.Reply reply = post("/prpc/Onboard.Finish?json", "-d", "{}");

    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.body()).contains("KMS has no keys yet");
    assertThat(node.finished).hasValue(0);
  }

  @Test
  void answersGetFinishWithOkOnceThereAreKeys() {
    node.complete = true;

    Curl.Reply reply = Curl.run(url("/finish"));

    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.head()).containsIgnoringCase("content-type: text/plain; charset=utf-8");
    assertThat(reply.body()).isEqualTo("OK");
    assertThat(node.finished).hasValue(1);
  }

  @Test
  void answersFinishWithNullOnceThereAreKeys() {
    node.complete = true;

    assertThat(post("/prpc/Finish?json", "-d", "{}").body()).isEqualTo("null");
    assertThat(node.finished).hasValue(1);
  }

  @Test
  void doesNotFinishOnHead() {
    node.complete = true;

    assertThat(Curl.run("-I", url("/finish")).status()).isEqualTo(400);
    assertThat(node.finished).hasValue(0);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"http://evil.example", "null", "https://127.0.0.1:1", "http://127.0.0.1", "x"})
  void refusesEveryChangeFromAForeignOrigin(String origin) {
    node.complete = true;

    Curl.Reply bootstrap = post(BOOTSTRAP, "-H", "Origin: " + origin, "-d", "{\"domain\":\"a.b\"}");
    Curl.Reply finish = Curl.run("-H", "Origin: " + origin, url("/finish"));

    assertThat(bootstrap.status()).isEqualTo(400);
    assertThat(bootstrap.body()).contains("not accepted from pages of another origin");
    assertThat(finish.status()).isEqualTo(400);
    assertThat(node.bootstraps).isEmpty();
    assertThat(node.finished).hasValue(0);
  }

  @ParameterizedTest
  @ValueSource(strings = {"cross-site", "same-site", "Cross-Site"})
  void refusesFinishOverALinkFromAnotherSite(String site) {
    node.complete = true;

    assertThat(Curl.run("-H", "Sec-Fetch-Site: " + site, url("/finish")).status()).isEqualTo(400);
    assertThat(node.finished).hasValue(0);
  }

  @Test
  void acceptsChangesFromItsOwnPage() {
    String origin = "Origin: http://127.0.0.1:" + server.port();

    Curl.Reply reply =
        post(
            BOOTSTRAP,
            "-H",
            origin,
            "-H",
            "Sec-Fetch-Site: same-origin",
            "-d",
            "{\"domain\":\"a.b\"}");

    assertThat(reply.status()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "X-None: 1",
        "X-Onboard-Token: wrong",
        "X-Onboard-Token: correct horse battery stapl",
        "X-Onboard-Token;",
        "Authorization: correct horse battery staple",
        "Authorization: Basic correct horse battery staple",
        "Authorization: bearer",
        "Authorization: Bearer wrong"
      })
  void t08_refusesEveryChangeWithoutTheSetupToken(String header) {
    restart(Map.of("core.onboard.token", TOKEN), "");
    node.complete = true;

    for (String method : List.of("Bootstrap", "Onboard", "Finish")) {
      Curl.Reply reply = post("/prpc/Onboard." + method + "?json", "-H", header, "-d", "{}");
      assertThat(reply.status()).isEqualTo(400);
      assertThat(reply.body()).contains("needs the set-up token").doesNotContain(TOKEN);
    }
    assertThat(Curl.run("-H", header, url("/finish")).status()).isEqualTo(400);
    assertThat(node.bootstraps).isEmpty();
    assertThat(node.finished).hasValue(0);
  }

  @Test
  void t08_refusesTheTokenInTheQuery() {
    restart(Map.of("core.onboard.token", "abc"), "");
    node.complete = true;

    assertThat(Curl.run(url("/finish?token=abc")).status()).isEqualTo(400);
    assertThat(node.finished).hasValue(0);
  }

  @ParameterizedTest
  @ValueSource(strings = {"Authorization: Bearer " + TOKEN, "X-Onboard-Token: " + TOKEN})
  void t08_acceptsChangesWithTheSetupToken(String header) {
    restart(Map.of("core.onboard.token", TOKEN), "");
    node.complete = true;

    assertThat(post(BOOTSTRAP, "-H", header, "-d", "{\"domain\":\"a.b\"}").status()).isEqualTo(200);
    assertThat(Curl.run("-H", header, url("/finish")).body()).isEqualTo("OK");
    assertThat(node.finished).hasValue(1);
  }

  @Test
  void readsWithoutTheSetupToken() {
    restart(Map.of("core.onboard.token", TOKEN), "");

    assertThat(Curl.run(url("/")).status()).isEqualTo(200);
    assertThat(Curl.run(url("/health")).status()).isEqualTo(200);
    assertThat(Curl.run(url("/prpc/GetAttestationInfo")).status()).isEqualTo(200);
  }

  @Test
  void showsThePageWithoutScriptOfItsOwnAndWithoutForeignHosts() {
    restart(Map.of(), "<b>\"Site\" & 'co'</b>");

    Curl.Reply page = Curl.run(url("/"));

    assertThat(page.head())
        .containsIgnoringCase("content-type: text/html; charset=utf-8")
        .containsIgnoringCase("content-security-policy: default-src 'none'");
    assertThat(page.body())
        .containsPattern("<script type=\"module\" src=\"/setup/page.js\"></script>");
    assertThat(page.body())
        .contains("<title>&lt;b&gt;&quot;Site&quot; &amp; &#39;co&#39;&lt;/b&gt;</title>")
        .contains("This node has no keys yet.")
        .contains("/prpc/Onboard.GetAttestationInfo?json")
        .doesNotContain("<script>", "://", "<b>", " style=", " onclick=");
  }

  @Test
  void showsOnThePageThatThereAreKeys() {
    node.complete = true;

    assertThat(Curl.run(url("/")).body())
        .contains("<title>dstack KMS Setup</title>")
        .contains("This node has its keys.");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/metrics", "/finish/", "/prpc/a/b", "/x", "//finish", "/FINISH"})
  void answersOtherPathsWithNotFound(String path) {
    node.complete = true;

    assertThat(Curl.run("--path-as-is", url(path)).status()).isEqualTo(404);
    assertThat(node.finished).hasValue(0);
  }

  @Test
  void answersPostToFinishWithNotFound() {
    node.complete = true;

    assertThat(post("/finish", "-d", "").status()).isEqualTo(404);
    assertThat(node.finished).hasValue(0);
  }

  private Curl.Reply post(String path, String... arguments) {
    List<String> all = new ArrayList<>(List.of("-X", "POST"));
    all.addAll(List.of(arguments));
    all.add(url(path));
    return Curl.run(all.toArray(String[]::new));
  }

  private String url(String path) {
    return "http://127.0.0.1:" + server.port() + path;
  }

  private void restart(Map<String, String> flags, String siteName) {
    server.close();
    server = start(flags, siteName);
  }

  private HttpServer start(Map<String, String> flags, String siteName) {
    Surroundings around =
        new Surroundings(siteName, "v9", 8000, InstantSource.system(), new SecureRandom());
    SetupListener listener = new SetupListener(node, metrics, around);
    try {
      return listener.start(config(flags));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static OnboardConfig config(Map<String, String> flags) {
    Map<String, String> all = new HashMap<>(flags);
    all.put("core.onboard.address", "127.0.0.1");
    all.put("core.onboard.port", "0");
    return KmsConfig.load(ConfigSources.none().withFlags(all)).onboard();
  }
}
