package dstack.kms.cli.status;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dstack.kms.cli.Run;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code kms status} of several servers, which answer what each test makes of one document. */
@Timeout(60)
final class FleetStatusTest {
  private static final String STATUS =
      """
      {"version":"v1 (git:ab)","state":"ready","ready":true,
       "identity":{"k256_pubkey":"02aabbccddeeff00","ca_spki_sha256":"5a5a","key_provider_id":"30",
         "epoch":0},
       "certificates":{"root_ca":{"sha256":"c1","not_after":"2036-01-01T00:00:00Z"},
         "temp_ca":{"sha256":"c2","not_after":"2036-01-01T00:00:00Z"},
         "rpc":{"sha256":"c3","not_after":"2026-12-01T00:00:00Z"}},
       "authority":{"kind":"webhook","chain_id":8453,"contract":"0xfa","gateway_app_id":"any",
         "block":{"number":1000,"hash":"be"}},
       "collateral":[{"fmspc":"00","issued":"x","valid_until":"y","age_seconds":7200},
         {"fmspc":"01","issued":"x","valid_until":"y","age_seconds":3600}],
       "clock":"%s"}
      """;

  private final List<HttpServer> servers = new ArrayList<>();

  @AfterEach
  void stop() {
    servers.forEach(server -> server.stop(0));
  }

  /** Serves the document; returns the address. */
  private String serve(int code, UnaryOperator<String> change) {
    try {
      HttpServer server =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      server.createContext(
          "/status",
          exchange -> {
            try (exchange) {
              String text = change.apply(STATUS.replace("%s", Instant.now().toString()));
              byte[] body = text.getBytes(StandardCharsets.UTF_8);
              exchange.sendResponseHeaders(code, body.length);
              exchange.getResponseBody().write(body);
            }
          });
      server.start();
      servers.add(server);
      return "http://127.0.0.1:" + server.getAddress().getPort();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private String serve(String from, String to) {
    return serve(
        200,
        text -> {
          assertThat(text).contains(from);
          return text.replace(from, to);
        });
  }

  private String usual() {
    return serve(200, text -> text);
  }

  private static Run status(String... arguments) {
    return Run.of(Stream.concat(Stream.of("status"), Stream.of(arguments)).toArray(String[]::new));
  }

  private static JsonNode json(Run run) {
    return JsonMapper.shared().readTree(run.out());
  }

  @Test
  void endsWith0WhenAllAreReadyAndAlike() {
    String one = usual();
    Run run = status(one, usual(), usual());

    assertThat(run.status()).as(run.out() + run.err()).isZero();
    assertThat(run.out().lines()).hasSize(4);
    assertThat(run.out().lines().skip(1).findFirst().orElseThrow().split(" {2,}", -1))
        .containsExactly(
            one.substring("http://".length()),
            "ready",
            "yes",
            "v1 (git:ab)",
            "02aabbccddee/5a5a",
            "0",
            "webhook 8453 @1000",
            "2 h",
            "2026-12-01T00:00:00Z");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "identity; 02aabbccddeeff00; 03aabbccddeeff00; NOT ONE FLEET",
        "identity; 5a5a; 5b5a; NOT ONE FLEET",
        "epoch; \"epoch\":0; \"epoch\":1; different epochs: 0 on ",
        "authority; \"kind\":\"webhook\"; \"kind\":\"file\"; different authorities",
        "chain; 8453; 84532; different chains: 8453 on ",
        "contract; 0xfa; 0xfb; different contracts",
        "block; \"number\":1000; \"number\":1033; views of the chain are 33 blocks apart",
        "version; v1 (git:ab); v2 (git:cd); different versions: v1 (git:ab) on ",
      })
  void endsWith1AndSaysInWordsWhatDiffers(String code, String from, String to, String words) {
    String[] nodes = {usual(), serve(from, to), usual()};

    Run run = status(nodes);
    JsonNode answer = json(status(nodes[0], nodes[1], nodes[2], "--json"));

    assertThat(run.status()).isEqualTo(1);
    assertThat(run.out()).contains("DIVERGES: " + words);
    assertThat(answer.at("/divergences")).hasSize(1);
    assertThat(answer.at("/divergences/0/code").asString()).isEqualTo(code);
    assertThat(answer.get("one_fleet").asBoolean()).isEqualTo(!code.equals("identity"));
    assertThat(answer.get("ready").asBoolean()).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {"\"c1\"; \"d1\"", "\"number\":1000; \"number\":1032", "\"c3\"; \"d3\""})
  void acceptsWhatNodesOfOneFleetMayDifferIn(String from, String to) {
    Run run = status(usual(), serve(from, to));

    assertThat(run.status()).as(run.out()).isZero();
    assertThat(run.out()).doesNotContain("DIVERGES");
  }

  @Test
  void notesThatCertificatesDifferUnderOneKey() {
    assertThat(status(usual(), serve("\"c1\"", "\"d1\"")).out())
        .contains("note: different CA certificates: c1 on ");
  }

  @ParameterizedTest
  @CsvSource({"70,1", "-70,1", "30,0"})
  void comparesClocks(int seconds, int expected) {
    String late =
        serve(
            200,
            text ->
                text.replaceAll(
                    "\"clock\":\"[^\"]+\"",
                    "\"clock\":\"" + Instant.now().plus(Duration.ofSeconds(seconds)) + "\""));

    Run run = status(usual(), late);

    assertThat(run.status()).as(run.out()).isEqualTo(expected);
    assertThat(run.out().contains("DIVERGES: clocks are ")).isEqualTo(expected == 1);
  }

  @Test
  void endsWith1WhenOneIsNotReadyOrHasNoKeysYet() {
    String unready = serve("\"ready\":true", "\"ready\":false");
    String empty =
        serve(
            200,
            text ->
                text.replace("\"ready\":true", "\"ready\":false")
                    .replaceAll("(?s)\"identity\".*\"authority\"", "\"authority\""));

    assertThat(status(usual(), unready).status()).isEqualTo(1);
    Run run = status(usual(), empty);
    assertThat(run.status()).as(run.out()).isEqualTo(1);
    assertThat(run.out()).doesNotContain("NOT ONE FLEET");
  }

  @Test
  void endsWith3AndStillShowsTheOthersWhenOneDoesNotAnswer() throws IOException {
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    String gone = "http://127.0.0.1:" + port;
    String[] nodes = {usual(), gone, usual()};

    Run run = status(nodes);

    assertThat(run.status()).isEqualTo(3);
    assertThat(run.out().lines().filter(line -> line.contains("02aabbccddee/5a5a"))).hasSize(2);
    assertThat(run.out())
        .contains("127.0.0.1:" + port + "  NO ANSWER [status-unreachable] no answer from " + gone);
    JsonNode answer = json(status(nodes[0], gone, "--json"));
    assertThat(answer.at("/nodes/1/code").asString()).isEqualTo("status-unreachable");
    assertThat(answer.get("ready").asBoolean()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "OK",
        "[]",
        "{}",
        "{\"version\":1}",
        "{\"version\":\"v\",\"state\":\"ready\",\"ready\":\"yes\"}"
      })
  void refusesByCodeWhatIsNoOperationsListener(String body) {
    Run run = status(usual(), serve(200, _ -> body));

    assertThat(run.status()).isEqualTo(3);
    assertThat(run.out()).contains("NO ANSWER [status-malformed-answer]");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "\"epoch\":0; \"epoch\":\"0\"",
        "\"epoch\":0; \"epoch\":0.5",
        "\"clock\":\"2; \"clock\":\"x2",
        "\"certificates\":; \"certs\":",
        "\"collateral\":; \"collaterals\":",
        "\"authority\":; \"authorities\":",
        "\"02aabbccddeeff00\"; 7"
      })
  void refusesByCodeAnAnswerWithAMemberMissingOrOfAnotherType(String from, String to) {
    Run run = status(usual(), serve(from, to));

    assertThat(run.status()).as(run.out()).isEqualTo(3);
    assertThat(run.out()).contains("NO ANSWER [status-malformed-answer]");
  }

  @ParameterizedTest
  @ValueSource(ints = {404, 500, 302})
  void refusesByCodeANodeWithoutTheDocument(int code) {
    assertThat(status(usual(), serve(code, text -> text)).out())
        .contains("NO ANSWER [status-malformed-answer]");
  }

  @Test
  void printsNothingThatMovesTheCursor() {
    Run run = status(usual(), serve("v1 (git:ab)", "v1\\u001b[2J(git:ab)"));

    assertThat(run.out()).doesNotContain("\u001b");
  }
}
