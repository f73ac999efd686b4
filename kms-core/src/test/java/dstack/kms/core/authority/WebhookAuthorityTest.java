package dstack.kms.core.authority;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dstack.kms.core.bootinfo.BootInfo;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.bytes.Digests;
import dstack.kms.core.config.AuthorityConfig;
import dstack.kms.core.config.ConfigSources;
import dstack.kms.core.config.KmsConfig;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.core.trace.RequestScope;
import dstack.kms.core.trace.TraceContext;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(20)
class WebhookAuthorityTest {
  private static final String ALLOW =
      "{\"isAllowed\":true,\"gatewayAppId\":\"gw\",\"reason\":\"\"}";
  private static final String INFO =
      "{\"status\":\"ok\",\"kmsContractAddr\":\"0xc0\",\"gatewayAppId\":\"gw\",\"chainId\":8453,"
          + "\"appImplementation\":\"0xa0\"}";

  @Test
  void sendsTheBootInfoAsTheOriginalWithBothNamesOfThePlatform() {
    try (ScriptedServer server = ScriptedServer.answering("200 OK", ALLOW)) {
      assertThat(authority(server.url()).decideApp(BootInfos.example()))
          .isEqualTo(new Decision.Allowed("gw"));

      String request = server.requests().getFirst();
      assertThat(request).startsWith("POST /bootAuth/app HTTP/1.1\r\n");
      assertThat(request).contains("\r\nContent-Type: application/json\r\n");
      assertThat(request).contains("\r\nUser-Agent: dstack-kms/1.2.3\r\n");
      assertThat(request)
          .endsWith(
              "\r\n\r\n{\"teeVariant\":\"dstack-tdx\",\"attestationMode\":\"dstack-tdx\","
                  + ("\"mrAggregated\":\"" + "01".repeat(32) + "\",")
                  + ("\"osImageHash\":\"" + "02".repeat(32) + "\",")
                  + ("\"mrSystem\":\"" + "03".repeat(32) + "\",")
                  + ("\"appId\":\"" + "04".repeat(20) + "\",")
                  + ("\"composeHash\":\"" + "05".repeat(32) + "\",")
                  + ("\"instanceId\":\"" + "06".repeat(20) + "\",")
                  + ("\"deviceId\":\"" + "07".repeat(32) + "\",")
                  + "\"keyProviderInfo\":\"0808\",\"tcbStatus\":\"UpToDate\",\"advisoryIds\":[]}");
    }
  }

  @Test
  void tellsTheServiceOfTheTraceThatTheDecisionBelongsToAndOfNoneOutsideARequest() {
    TraceContext trace = TraceContext.root(new SecureRandom());
    try (ScriptedServer server = ScriptedServer.answering("200 OK", ALLOW)) {
      new RequestScope("r", trace)
          .run(() -> authority(server.url()).decideApp(BootInfos.example()));
      assertThat(server.requests().getFirst())
          .contains("\r\ntraceparent: " + trace.header() + "\r\n");
    }
    try (ScriptedServer server = ScriptedServer.answering("200 OK", ALLOW)) {
      authority(server.url()).decideApp(BootInfos.example());
      assertThat(server.requests().getFirst()).doesNotContain("traceparent");
    }
  }

  @Test
  void sendsTheChipIdOfASevSnpMachineAsTheOriginal() {
    Bytes chip = BootInfos.repeated(3, 64);
    BootInfo info =
        BootInfos.of(BootInfos.repeated(2, 32), Digests.sha256(chip), "UpToDate", List.of())
            .withChipId(chip);
    try (ScriptedServer server = ScriptedServer.answering("200 OK", ALLOW)) {
      authority(server.url()).decideApp(info);

      assertThat(server.requests().getFirst()).contains("\"deviceId\":\"" + "03".repeat(64) + "\"");
    }
  }

  @ParameterizedTest
  @CsvSource({"'',/bootAuth/kms", "/,/bootAuth/kms", "/a,/a/bootAuth/kms", "/a/,/a/bootAuth/kms"})
  void putsOneSlashBeforeThePath(String suffix, String expected) {
    try (ScriptedServer server = ScriptedServer.answering("200 OK", ALLOW)) {
      authority(server.url() + suffix).decideKms(BootInfos.example());
      assertThat(server.requests().getFirst()).startsWith("POST " + expected + " HTTP/1.1\r\n");
    }
  }

  @Test
  void passesTheReasonOfADenialOn() {
    String deny =
        "{\"reason\":\"compose hash not"
            + " allowed\",\"x\":[{}],\"gatewayAppId\":\"\",\"isAllowed\":false}";
    try (ScriptedServer server = ScriptedServer.answering("201 Created", deny)) {
      assertThat(authority(server.url()).decideApp(BootInfos.example()))
          .isEqualTo(new Decision.Denied("compose hash not allowed"));
    }
  }

  @Test
  void t34_asksAgainForEveryDecision() {
    AtomicInteger calls = new AtomicInteger();
    try (ScriptedServer server =
        new ScriptedServer(
            answer -> {
              String body =
                  calls.incrementAndGet() == 1
                      ? ALLOW
                      : "{\"isAllowed\":false,\"gatewayAppId\":\"\",\"reason\":\"revoked\"}";
              ScriptedServer.write(answer, "200 OK", body.getBytes(StandardCharsets.UTF_8));
            })) {
      WebhookAuthority authority = authority(server.url());
      assertThat(authority.decideApp(BootInfos.example())).isInstanceOf(Decision.Allowed.class);
      assertThat(authority.decideApp(BootInfos.example()))
          .isEqualTo(new Decision.Denied("revoked"));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "not-json",
        "[]",
        "true",
        "null",
        "{}",
        "{\"isAllowed\":true,\"gatewayAppId\":\"gw\"}",
        "{\"isAllowed\":true,\"reason\":\"\"}",
        "{\"gatewayAppId\":\"gw\",\"reason\":\"\"}",
        "{\"isAllowed\":\"true\",\"gatewayAppId\":\"gw\",\"reason\":\"\"}",
        "{\"isAllowed\":1,\"gatewayAppId\":\"gw\",\"reason\":\"\"}",
        "{\"isAllowed\":null,\"gatewayAppId\":\"gw\",\"reason\":\"\"}",
        "{\"isAllowed\":[true],\"gatewayAppId\":\"gw\",\"reason\":\"\"}",
        "{\"isAllowed\":true,\"gatewayAppId\":null,\"reason\":\"\"}",
        "{\"isAllowed\":true,\"gatewayAppId\":\"gw\",\"reason\":5}",
        "{\"isAllowed\":true,\"isAllowed\":true,\"gatewayAppId\":\"gw\",\"reason\":\"\"}",
        "{\"isAllowed\":false,\"isAllowed\":true,\"gatewayAppId\":\"gw\",\"reason\":\"\"}",
        "{\"isallowed\":true,\"gatewayAppId\":\"gw\",\"reason\":\"\"}",
        "{\"isAllowed\":true,\"gatewayAppId\":\"gw\",\"reason\":\"\"}{}",
        "{\"isAllowed\":true,\"gatewayAppId\":\"gw\",\"reason\":\"\"} x",
        "{\"isAllowed\":true,\"gatewayAppId\":\"gw\",\"reason\":\"\",}",
        "{\"isAllowed\":true,\"gatewayAppId\":\"gw\",\"reason\":\"\"",
        "{'isAllowed':true,\"gatewayAppId\":\"gw\",\"reason\":\"\"}",
        "{\"isAllowed\":true,\"gatewayAppId\":\"gw\",\"reason\":\"\"/*c*/}",
        "\uFEFF{\"isAllowed\":true,\"gatewayAppId\":\"gw\",\"reason\":\"\"}"
      })
  void refusesEveryAnswerOfAnotherForm(String body) {
    try (ScriptedServer server = ScriptedServer.answering("200 OK", body)) {
      assertThatThrownBy(() -> authority(server.url()).decideApp(BootInfos.example()))
          .isInstanceOfSatisfying(
              RefusalException.class,
              e -> assertThat(e.code()).isEqualTo(AuthorityRefusal.MALFORMED_ANSWER))
          .hasMessageStartingWith(
              "failed to decode response from "
                  + server.url()
                  + "/bootAuth/app, status=200 OK, body="
                  + body
                  + ": ");
    }
  }

  @Test
  void refusesAnAnswerThatIsNotUtf8() {
    byte[] body = ALLOW.replace("gw", "\u00e9").getBytes(StandardCharsets.ISO_8859_1);
    try (ScriptedServer server =
        new ScriptedServer(answer -> ScriptedServer.write(answer, "200 OK", body))) {
      assertThatThrownBy(() -> authority(server.url()).decideApp(BootInfos.example()))
          .hasMessageEndingWith(": the answer is not UTF-8");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "300 Multiple Choices",
        "304 Not Modified",
        "400 Bad Request",
        "401 Unauthorized",
        "404 Not Found",
        "407 Proxy Authentication Required",
        "500 Internal Server Error",
        "503 Service Unavailable"
      })
  void refusesEveryOtherStatusEvenWithAnAllowingBody(String status) {
    try (ScriptedServer server = ScriptedServer.answering(status, ALLOW)) {
      String body = status.startsWith("304") ? "" : ALLOW;
      assertThatThrownBy(() -> authority(server.url()).decideApp(BootInfos.example()))
          .isInstanceOfSatisfying(
              RefusalException.class,
              e -> assertThat(e.code()).isEqualTo(AuthorityRefusal.UNREACHABLE))
          .hasMessage(
              "auth api " + server.url() + "/bootAuth/app returned " + status + ": " + body);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"many", "", "1,2", "99999999999999999999"})
  void refusesAnAnswerWhoseLengthIsNoNumberEvenWithAnAllowingBody(String length) {
    String answer = "HTTP/1.1 200 OK\r\nContent-Length: " + length + "\r\n\r\n" + ALLOW;
    try (ScriptedServer server =
        new ScriptedServer(out -> out.write(answer.getBytes(StandardCharsets.US_ASCII)))) {
      assertThatThrownBy(() -> authority(server.url()).decideApp(BootInfos.example()))
          .isInstanceOfSatisfying(
              RefusalException.class,
              e -> assertThat(e.code()).isEqualTo(AuthorityRefusal.UNREACHABLE))
          .hasMessageContaining("the connection failed");
    }
  }

  @Test
  void namesAnUnregisteredStatusAsTheOriginal() {
    try (ScriptedServer server = ScriptedServer.answering("599 Whatever", "x")) {
      assertThatThrownBy(() -> authority(server.url()).decideApp(BootInfos.example()))
          .hasMessageEndingWith("returned 599 <unknown status code>: x");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {301, 302, 303, 307, 308})
  void followsNoRedirect(int status) {
    try (ScriptedServer target = ScriptedServer.answering("200 OK", ALLOW);
        ScriptedServer server =
            ScriptedServer.answering(
                status + " R\r\nLocation: " + target.url() + "/bootAuth/app", "moved")) {
      assertThatThrownBy(() -> authority(server.url()).decideApp(BootInfos.example()))
          .hasMessageContaining("/bootAuth/app returned " + status)
          .hasMessageEndingWith(": moved");
      assertThat(target.requests()).isEmpty();
    }
  }

  @Test
  void cutsAForeignBodyAfter512BytesWithoutSplittingACharacter() {
    String body = "x".repeat(511) + "\u00e9" + "y".repeat(100);
    try (ScriptedServer server = ScriptedServer.answering("500 Internal Server Error", body)) {
      assertThatThrownBy(() -> authority(server.url()).decideApp(BootInfos.example()))
          .hasMessageEndingWith("500 Internal Server Error: " + "x".repeat(511));
    }
  }

  @Test
  void acceptsAnAnswerOfExactlyTheLimitAndRefusesOneByteMore() {
    String exact = ALLOW + " ".repeat(65_536 - ALLOW.length());
    try (ScriptedServer server = ScriptedServer.answering("200 OK", exact)) {
      assertThat(authority(server.url()).decideApp(BootInfos.example()))
          .isEqualTo(new Decision.Allowed("gw"));
    }
    try (ScriptedServer server = ScriptedServer.answering("200 OK", exact + " ")) {
      assertThatThrownBy(() -> authority(server.url()).decideApp(BootInfos.example()))
          .hasMessageEndingWith(": the answer is longer than 65536 bytes");
    }
  }

  @Test
  void refusesAReasonOfOneMegabyte() {
    String body =
        "{\"isAllowed\":true,\"gatewayAppId\":\"gw\",\"reason\":\"" + "r".repeat(1 << 20) + "\"}";
    try (ScriptedServer server = ScriptedServer.answering("200 OK", body)) {
      RefusalException refusal =
          catchThrowableOfType(
              RefusalException.class, () -> authority(server.url()).decideApp(BootInfos.example()));
      assertThat(refusal.text()).hasSizeLessThan(800).contains("longer than 65536 bytes");
    }
  }

  @Test
  void stopsReadingAnEndlessAnswer() {
    AtomicLong written = new AtomicLong();
    try (ScriptedServer server =
        new ScriptedServer(
            answer -> {
              answer.write("HTTP/1.1 200 OK\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
              while (true) {
                answer.write(new byte[8192]);
                written.addAndGet(8192);
              }
            })) {
      assertThatThrownBy(() -> authority(server.url()).decideApp(BootInfos.example()))
          .hasMessageContaining("longer than 65536 bytes");
      assertThat(written.get()).isLessThan(64 << 20);
    }
  }

  @Test
  void givesUpOnAServerThatNeverAnswers() {
    CountDownLatch over = new CountDownLatch(1);
    try (ScriptedServer server = new ScriptedServer(answer -> await(over))) {
      assertThatThrownBy(() -> quick(server.url()).decideApp(BootInfos.example()))
          .isInstanceOf(RefusalException.class)
          .hasMessage(
              "error sending request for url ("
                  + server.url()
                  + "/bootAuth/app): no complete answer within 400 ms");
      over.countDown();
    }
  }

  @Test
  void givesUpOnABodyThatNeverEnds() {
    CountDownLatch over = new CountDownLatch(1);
    try (ScriptedServer server =
        new ScriptedServer(
            answer -> {
              answer.write(
                  "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{"
                      .getBytes(StandardCharsets.US_ASCII));
              answer.flush();
              await(over);
            })) {
      assertThatThrownBy(() -> quick(server.url()).decideApp(BootInfos.example()))
          .hasMessageEndingWith("no complete answer within 400 ms");
      over.countDown();
    }
  }

  @Test
  void refusesATruncatedAnswer() {
    try (ScriptedServer server =
        new ScriptedServer(
            answer ->
                answer.write(
                    ("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n" + ALLOW)
                        .getBytes(StandardCharsets.US_ASCII)))) {
      assertThatThrownBy(() -> authority(server.url()).decideApp(BootInfos.example()))
          .hasMessageStartingWith("error sending request for url (")
          .hasMessageEndingWith("): the connection failed");
      assertThat(server.requests()).hasSize(1);
    }
  }

  @Test
  void asksOnceMoreWhenAConnectionEndsWithoutAnyAnswer() {
    AtomicInteger calls = new AtomicInteger();
    try (ScriptedServer server =
        new ScriptedServer(
            answer -> {
              if (calls.incrementAndGet() > 1) {
                ScriptedServer.write(answer, "200 OK", ALLOW.getBytes(StandardCharsets.UTF_8));
              }
            })) {
      assertThat(authority(server.url()).decideApp(BootInfos.example()))
          .isEqualTo(new Decision.Allowed("gw"));
    }
    try (ScriptedServer server = new ScriptedServer(answer -> {})) {
      assertThatThrownBy(() -> authority(server.url()).decideApp(BootInfos.example()))
          .hasMessageEndingWith("): the connection failed");
      assertThat(server.requests()).hasSize(2);
    }
  }

  @Test
  void refusesWhenNobodyListens() throws IOException {
    int port;
    try (ServerSocket unused = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = unused.getLocalPort();
    }
    assertThatThrownBy(() -> authority("http://127.0.0.1:" + port).info())
        .isInstanceOfSatisfying(
            RefusalException.class,
            e -> assertThat(e.code()).isEqualTo(AuthorityRefusal.UNREACHABLE))
        .hasMessage(
            "error sending request for url (http://127.0.0.1:"
                + port
                + "/): the connection failed");
  }

  @Test
  void t39_sendsCredentialsAndNeverShowsThem() {
    try (ScriptedServer server = ScriptedServer.answering("500 Internal Server Error", "no")) {
      String url = server.url().replace("http://", "http://me:hunter2@");
      assertThatThrownBy(() -> authority(url).decideApp(BootInfos.example()))
          .hasMessage(
              "auth api " + server.url() + "/bootAuth/app returned 500 Internal Server Error: no");
      // RFC 7617: base64 of "me:hunter2".
      assertThat(server.requests().getFirst())
          .contains("\r\nAuthorization: Basic bWU6aHVudGVyMg==\r\n")
          .doesNotContain("hunter2");
    }
  }

  @Test
  void readsWhatTheAuthoritySaysAboutItself() {
    try (ScriptedServer server = ScriptedServer.answering("200 OK", INFO)) {
      assertThat(authority(server.url() + "/exact").info())
          .isEqualTo(
              new AuthorityInfo(
                  false,
                  Optional.of("gw"),
                  Optional.of("0xc0"),
                  Optional.of(8453L),
                  Optional.of("0xa0"),
                  Optional.empty()));
      assertThat(server.requests().getFirst()).startsWith("GET /exact HTTP/1.1\r\n");
    }
    String withUrl = INFO.replace("}", ",\"ethRpcUrl\":\"https://rpc\",\"note\":{\"a\":[1]}}");
    try (ScriptedServer server = ScriptedServer.answering("200 OK", withUrl)) {
      assertThat(authority(server.url()).info().rpcUrl()).contains("https://rpc");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "8453|\"8453\"",
        "8453|-1",
        "8453|1.0",
        "8453|1e3",
        "8453|99999999999999999999",
        "\"chainId\":8453,|''",
        "\"status\":\"ok\",|''",
        "\"0xc0\"|null",
        "\"0xa0\"|{}",
        "\"ok\"|true",
        "}|,\"ethRpcUrl\":5}",
        "}|,\"ethRpcUrl\":null}",
        "}|,\"status\":\"ok\"}"
      })
  void refusesMalformedInfo(String part, String replacement) {
    String body = INFO.replace(part, replacement);
    assertThat(body).isNotEqualTo(INFO);
    try (ScriptedServer server = ScriptedServer.answering("200 OK", body)) {
      assertThatThrownBy(() -> authority(server.url()).info())
          .hasMessageStartingWith("failed to decode response from " + server.url() + ", status=");
    }
  }

  private static WebhookAuthority authority(String url) {
    return new WebhookAuthority(config(url), "1.2.3");
  }

  private static WebhookAuthority quick(String url) {
    AuthorityConfig.Webhook config = config(url);
    return new WebhookAuthority(
        new AuthorityConfig.Webhook(
            config.url(),
            Duration.ofMillis(200),
            Duration.ofMillis(400),
            config.maxAnswer(),
            config.answerKey(),
            config.tls()),
        "1.2.3");
  }

  private static AuthorityConfig.Webhook config(String url) {
    return (AuthorityConfig.Webhook)
        KmsConfig.load(ConfigSources.none().withFlags(Map.of("core.auth_api.webhook.url", url)))
            .authority();
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
