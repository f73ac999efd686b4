package dstack.kms.cli.authapi;

import static org.assertj.core.api.Assertions.assertThat;

import dstack.kms.core.audit.AuditLog;
import dstack.kms.core.audit.AuditTrail;
import dstack.kms.core.authority.Authority;
import dstack.kms.core.authority.AuthorityInfo;
import dstack.kms.core.authority.AuthorityRefusal;
import dstack.kms.core.authority.BlockRef;
import dstack.kms.core.authority.Decision;
import dstack.kms.core.bootinfo.BootInfo;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.config.AuditConfig;
import dstack.kms.core.config.Weakening;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.testkit.LogCapture;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Statuses and bodies byte for byte (specifications 21 §3, 90 §3). */
class AuthApiServerTest {
  private static final String UNAVAILABLE =
      "{\"status\":\"error\",\"message\":\"authorization backend unavailable\"}";
  private static final String UNDECIDED =
      "{\"isAllowed\":false,\"reason\":\"authorization backend"
          + " unavailable\",\"gatewayAppId\":\"\"}";
  private static final String INVALID =
      "{\"isAllowed\":false,\"reason\":\"invalid authorization request\",\"gatewayAppId\":\"\"}";
  private static final String REQUEST =
      "{\"mrAggregated\":\"01\",\"osImageHash\":\"\",\"appId\":\"0x02\",\"composeHash\":\"03\","
          + "\"instanceId\":\"\",\"deviceId\":\"04\"}";

  private final Scripted authority = new Scripted();
  private final HttpClient http = HttpClient.newHttpClient();
  private AuthApiServer server;

  /** Answers what a test wants it to, and remembers what it was asked. */
  private static final class Scripted implements Authority {
    private final List<BootInfo> asked = new ArrayList<>();
    private final AtomicBoolean closed = new AtomicBoolean();
    private Optional<Decision> app = Optional.of(new Decision.Denied("the app's reason"));
    private Optional<Decision> kms = Optional.of(new Decision.Allowed("gw"));
    private Optional<AuthorityInfo> info = Optional.empty();
    private Optional<RefusalException> trouble = Optional.empty();

    private static <T> T known(Optional<T> answer) {
      return answer.orElseThrow(
          () -> new RefusalException(AuthorityRefusal.UNREACHABLE, "not ready", "a detail"));
    }

    @Override
    public Decision decideApp(BootInfo bootInfo) {
      asked.add(bootInfo);
      return known(app);
    }

    @Override
    public Decision decideKms(BootInfo bootInfo) {
      asked.add(bootInfo);
      return known(kms);
    }

    @Override
    public void requireAnswering() {
      if (trouble.isPresent()) {
        throw trouble.get();
      }
      info();
    }

    @Override
    public AuthorityInfo info() {
      return known(info);
    }

    @Override
    public void close() {
      closed.set(true);
    }
  }

  private static ServiceSettings settings() {
    return ServiceSettings.at(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
  }

  @BeforeEach
  void startsTheService() {
    server = AuthApiServer.start(authority, settings().fillingUp(true));
  }

  @AfterEach
  void stopsTheService() {
    server.close();
    http.close();
    assertThat(authority.closed).isTrue();
  }

  private HttpResponse<String> send(String method, String path, String type, String body)
      throws IOException, InterruptedException {
    URI uri = URI.create("http://127.0.0.1:" + server.address().getPort() + path);
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri).method(method, HttpRequest.BodyPublishers.ofString(body));
    if (!type.isEmpty()) {
      request.header("Content-Type", type);
    }
    return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  private void answers(HttpResponse<String> response, int status, String body) {
    assertThat(response.body()).isEqualTo(body);
    assertThat(response.statusCode()).isEqualTo(status);
    assertThat(response.headers().firstValue("content-type"))
        .hasValue("application/json; charset=utf-8");
  }

  private HttpResponse<String> post(String path, String body) throws Exception {
    return send("POST", path, "application/json", body);
  }

  @Test
  void answersWhatTheAuthorityDecides() throws Exception {
    answers(
        post("/bootAuth/app", REQUEST),
        200,
        "{\"isAllowed\":false,\"reason\":\"the app's reason\",\"gatewayAppId\":\"\"}");
    answers(
        post("/bootAuth/kms", REQUEST),
        200,
        "{\"isAllowed\":true,\"reason\":\"\",\"gatewayAppId\":\"gw\"}");
    authority.app = Optional.of(new Decision.Denied("Compose hash not allowed", "any"));
    answers(
        post("/bootAuth/app", REQUEST),
        200,
        "{\"isAllowed\":false,\"reason\":\"Compose hash not allowed\",\"gatewayAppId\":\"any\"}");
  }

  @Test
  void asksAboutFieldsInTheirFullWidth() throws Exception {
    post("/bootAuth/app", REQUEST);
    BootInfo asked = authority.asked.getFirst();
    assertThat(asked.mrAggregated().hex()).isEqualTo("00".repeat(31) + "01");
    assertThat(asked.osImageHash().hex()).isEqualTo("00".repeat(32));
    assertThat(asked.appId().value().hex()).isEqualTo("00".repeat(19) + "02");
    assertThat(asked.composeHash().value().hex()).isEqualTo("00".repeat(31) + "03");
    assertThat(asked.instanceId().value().hex()).isEqualTo("00".repeat(20));
    assertThat(asked.deviceId().hex()).isEqualTo("00".repeat(31) + "04");
    assertThat(asked.mrSystem().hex()).isEqualTo("00".repeat(32));
    assertThat(asked.tcbStatus()).isEmpty();
    assertThat(asked.advisoryIds()).isEmpty();
  }

  @Test
  void t13_asksNobodyAboutFieldsThatAreNotOfTheirWidthUnlessToldTo() throws Exception {
    server.close();
    server = AuthApiServer.start(authority, settings());
    String full =
        "{\"mrAggregated\":\"%s\",\"osImageHash\":\"0x\",\"appId\":\"0x%s\",\"composeHash\":\"%s\","
                .formatted("01".repeat(32), "02".repeat(20), "03".repeat(32))
            + "\"instanceId\":\"\",\"deviceId\":\"%s\",\"mrSystem\":null,\"advisoryIds\":[\"a\"]}"
                .formatted("04".repeat(32));
    assertThat(post("/bootAuth/kms", full).body()).contains("\"isAllowed\":true");
    assertThat(authority.asked).hasSize(1);
    for (String other :
        List.of(
            full.replace("01".repeat(32), "01".repeat(31)),
            full.replace("02".repeat(20), "0" + "2".repeat(38)),
            full.replace("\"0x" + "02".repeat(20) + "\"", "2"),
            full.replace("\"0x" + "02".repeat(20) + "\"", "9007199254740993"),
            full.replace("\"" + "03".repeat(32) + "\"", "[\"" + "03".repeat(32) + "\"]"),
            full.replace("\"mrSystem\":null", "\"mrSystem\":\"0x1\""),
            full.replace("\"a\"", "9007199254740993"),
            full.replace("\"mrSystem\":null", "\"tcbStatus\":1e21"))) {
      answers(post("/bootAuth/kms", other), 200, UNDECIDED);
    }
    assertThat(authority.asked).hasSize(1);
  }

  /** Nothing is remembered between two questions (specification 21 §9). */
  @Test
  void asksTheAuthorityAgainForTheSameQuestion() throws Exception {
    post("/bootAuth/kms", REQUEST);
    authority.kms = Optional.of(new Decision.Denied("revoked"));
    assertThat(post("/bootAuth/kms", REQUEST).body()).contains("\"isAllowed\":false");
    assertThat(authority.asked).hasSize(2);
  }

  @Test
  void tellsNoReasonWhenThereIsNoDecision() throws Exception {
    authority.app = Optional.empty();
    authority.kms = Optional.empty();
    answers(post("/bootAuth/app", REQUEST), 200, UNDECIDED);
    answers(post("/bootAuth/kms", REQUEST), 200, UNDECIDED);
    RefusalException why = new RefusalException(AuthorityRefusal.UNREACHABLE, "a secret reason");
    authority.app = Optional.of(new Decision.Undecided(why));
    answers(post("/bootAuth/app", REQUEST), 200, UNDECIDED);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/bootAuth/app", "/bootAuth/kms"})
  void refusesWhatIsNoRequest(String path) throws Exception {
    answers(post(path, "{}"), 400, INVALID);
    answers(post(path, REQUEST.replace("\"04\"", "\"" + "04".repeat(64) + "\"")), 400, INVALID);
    answers(send("POST", path, "text/plain", REQUEST), 400, INVALID);
    answers(post(path, "not JSON"), 500, UNAVAILABLE);
    answers(post(path, ""), 500, UNAVAILABLE);
    answers(send("POST", path, "text/html", REQUEST), 500, UNAVAILABLE);
    answers(send("POST", path, "", REQUEST), 500, UNAVAILABLE);
    answers(post(path, "[" + " ".repeat(1 << 20) + "]"), 500, UNAVAILABLE);
    assertThat(authority.asked).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "GET, /nope", "GET, /nope?x=1", "POST, /", "PUT, /bootAuth/app", "GET, /bootAuth/app",
    "POST, /bootAuth/app/", "DELETE, /", "POST, /bootauth/app", "OPTIONS, /", "POST, /metrics"
  })
  void answersUnknownRoutesAsTheFrameworkOfTheOriginal(String method, String path)
      throws Exception {
    answers(
        send(method, path, "", ""),
        404,
        "{\"message\":\"Route "
            + method
            + ":"
            + path
            + " not found\",\"error\":\"Not Found\",\"statusCode\":404}");
  }

  @Test
  void saysThatItIsReadyInTheWordsOfTheOriginal() throws Exception {
    authority.info =
        Optional.of(
            new AuthorityInfo(
                false,
                Optional.of("any"),
                Optional.of("0x5fbdb2315678afecb367f032d93f642f64180aa3"),
                Optional.of(31_337L),
                Optional.of("0x75537828f2ce51be7289709686A69CbFDbB714F1"),
                Optional.of("http://127.0.0.1:8545")));
    answers(
        send("GET", "/", "", ""),
        200,
        "{\"status\":\"ok\",\"kmsContractAddr\":\"0x5fbdb2315678afecb367f032d93f642f64180aa3\","
            + "\"ethRpcUrl\":\"http://127.0.0.1:8545\",\"gatewayAppId\":\"any\",\"chainId\":31337,"
            + "\"appAuthImplementation\":\"0x75537828f2ce51be7289709686A69CbFDbB714F1\","
            + "\"appImplementation\":\"0x75537828f2ce51be7289709686A69CbFDbB714F1\"}");
    assertThat(send("GET", "/ready", "", "").statusCode()).isEqualTo(200);
  }

  /** Specification 23 §12, 9.3: a light client that still catches up is not a denial. */
  @Test
  void fails500AndCountsNoDenialWhileTheChainCannotBeRead() throws Exception {
    answers(send("GET", "/", "", ""), 500, UNAVAILABLE);
    assertThat(send("GET", "/ready", "", "").statusCode()).isEqualTo(503);
    assertThat(send("GET", "/live", "", "").body()).isEqualTo("OK");
    authority.app = Optional.empty();
    post("/bootAuth/app", REQUEST);
    post("/bootAuth/kms", REQUEST);
    assertThat(send("GET", "/metrics", "", "").body())
        .contains("kms_auth_api_decisions_total{decision=\"app_denied\"} 0\n")
        .contains("kms_auth_api_decisions_total{decision=\"app_undecided\"} 1\n")
        .contains("kms_auth_api_decisions_total{decision=\"kms_allowed\"} 1\n");
  }

  /** What an endpoint says may be anything; whoever reads {@code /ready} gets its code. */
  @Test
  void readySaysACodeAndNoneOfTheWordsBehindIt() throws Exception {
    authority.trouble =
        Optional.of(
            new RefusalException(
                AuthorityRefusal.UNREACHABLE, "the node says <b>call me</b>", "at 10.0.0.7"));
    HttpResponse<String> ready = send("GET", "/ready", "", "");
    assertThat(ready.statusCode()).isEqualTo(503);
    assertThat(ready.body())
        .contains("authority-unreachable")
        .doesNotContain("call me")
        .doesNotContain("10.0.0.7");
  }

  @Test
  void showsWhatIsWeakerThanTheDefault() throws Exception {
    server.close();
    server =
        AuthApiServer.start(
            authority,
            settings()
                .weakenedBy(
                    List.of(
                        new Weakening("core.auth_api.chain.max_head_age", "old blocks decide"))));
    assertThat(send("GET", "/ready", "", "").body())
        .contains("core.auth_api.chain.max_head_age: old blocks decide");
    assertThat(send("GET", "/metrics", "", "").body())
        .contains("kms_weakening{key=\"core.auth_api.chain.max_head_age\"} 1");
  }

  @Test
  void keepsForeignWordsToOneLineOfTheLog() throws Exception {
    authority.app = Optional.of(new Decision.Denied("no\nINFO forged: allowed\u202Eeslaf"));
    try (LogCapture logs = new LogCapture()) {
      post("/bootAuth/app", REQUEST);
      assertThat(logs.lines())
          .anyMatch(line -> line.contains("denied: no?INFO forged: allowed?eslaf"))
          .noneMatch(line -> line.contains("\n"));
    }
  }

  @Nested
  class WithAnAuditLog {
    @TempDir private Path dir;
    private AuditTrail audit;

    @BeforeEach
    void records() {
      server.close();
      audit =
          AuditLog.open(
              AuditConfig.in(dir.resolve("audit")),
              dir,
              InstantSource.system(),
              new SecureRandom());
      server = AuthApiServer.start(authority, settings().fillingUp(true).recordedIn(audit));
    }

    private List<JsonNode> lines() throws IOException {
      audit.close();
      return Files.readAllLines(dir.resolve("audit/audit-000000000000.jsonl")).stream()
          .map(line -> JsonMapper.shared().readTree(line))
          .filter(line -> line.get("kind").stringValue().endsWith("-decision"))
          .toList();
    }

    @Test
    void t45_eachAnswerHasItsLine() throws Exception {
      BlockRef block = new BlockRef(7, Bytes.fromHex("ab".repeat(32)));
      authority.kms = Optional.of(new Decision.Allowed("gw", Optional.of(block)));
      authority.app = Optional.of(new Decision.Denied("not\nyet"));
      post("/bootAuth/kms", REQUEST.replace("}", ",\"tcbStatus\":\"Up\\nToDate\"}"));
      post("/bootAuth/app", REQUEST);
      authority.app = Optional.empty();
      post("/bootAuth/app", REQUEST);
      List<JsonNode> lines = lines();
      assertThat(lines.stream().map(line -> line.get("kind").stringValue()))
          .containsExactly("kms-decision", "app-decision", "app-decision");
      assertThat(lines.stream().map(line -> line.get("outcome").stringValue()))
          .containsExactly("allowed", "refused", "refused");
      assertThat(lines.getFirst().get("block").get("number").intValue()).isEqualTo(7);
      assertThat(lines.getFirst().get("facts").get("appId").stringValue())
          .isEqualTo("00".repeat(19) + "02");
      assertThat(lines.getFirst().get("facts").get("tcbStatus").stringValue())
          .isEqualTo("Up\nToDate");
      assertThat(lines.getFirst().get("facts").get("askedFrom").stringValue())
          .isEqualTo("127.0.0.1");
      assertThat(lines.get(1).get("code").stringValue()).isEqualTo("authority-denied");
      assertThat(lines.get(1).get("reason").stringValue()).isEqualTo("not\nyet");
      assertThat(lines.get(2).get("code").stringValue()).isEqualTo("authority-unreachable");
      // Nobody verified anything of it, so none of it may stand where verified things stand.
      assertThat(lines).allMatch(line -> line.get("bootInfo").isNull());
    }

    @Test
    void t45_allowsNothingThatCannotBeRecorded() throws Exception {
      audit.close();
      answers(post("/bootAuth/kms", REQUEST), 200, UNDECIDED);
      assertThat(authority.asked).hasSize(1);
      HttpResponse<String> ready = send("GET", "/ready", "", "");
      assertThat(ready.statusCode()).isEqualTo(503);
      assertThat(ready.body()).contains("audit-unwritable");
      assertThat(send("GET", "/metrics", "", "").body())
          .contains("kms_auth_api_decisions_total{decision=\"kms_undecided\"} 1\n");
    }
  }
}
