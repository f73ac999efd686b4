package dstack.kms.rpc.http;

import static org.assertj.core.api.Assertions.assertThat;

import dstack.kms.core.trace.RequestScope;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Ids of requests and traces, with curl over a real socket. */
final class RequestScopesTest {
  private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
  private static final String CALLER = "00-" + TRACE + "-00f067aa0ba902b7-01";
  private static final Pattern ID = Pattern.compile("(?im)^x-request-id: (\\S+)$");

  private HttpServer server;

  @BeforeEach
  void start() throws IOException {
    server =
        HttpServer.start(
            Listener.plain(
                "test",
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                (head, _) ->
                    head.path().equals("/none")
                        ? new Route.Immediate(HttpReply.notFound())
                        : new Route.Handled(
                            "Method",
                            10,
                            call -> HttpReply.text(200, shown(call)),
                            ErrorReplies.PLAIN)));
  }

  private static String shown(HttpExchange call) {
    Optional<RequestScope> current = RequestScope.current();
    return call.id()
        + " "
        + call.scope().trace().header()
        + " "
        + call.scope().trace().parentId().orElse("-")
        + " "
        + current.equals(Optional.of(call.scope()));
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private String ask(String path, String... headers) {
    List<String> arguments = new ArrayList<>(List.of("-i"));
    for (String header : headers) {
      arguments.addAll(List.of("-H", header));
    }
    arguments.add("http://127.0.0.1:" + server.port() + path);
    return Curl.run(arguments.toArray(String[]::new));
  }

  private static String id(String answer) {
    Matcher matcher = ID.matcher(answer);
    assertThat(matcher.find()).as(answer).isTrue();
    return matcher.group(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "req-1_2.3", "0123456789abcdef0123456789abcdef"})
  void takesAWellFormedIdAndAnswersWithIt(String sent) {
    String answer = ask("/", "X-Request-Id: " + sent);
    assertThat(id(answer)).isEqualTo(sent);
    assertThat(answer).contains("\r\n\r\n" + sent + " ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "X-Request-Id;",
        "X-Request-Id: a b",
        "X-Request-Id: a\tb",
        "X-Request-Id: {\"a\"}",
        "X-Request-Id: \u00e9",
        "X-Request-Id: 0123456789012345678901234567890123456789012345678901234567890123x",
      })
  void makesAnIdInsteadOfOneThatIsNotWellFormed(String header) {
    assertThat(id(ask("/", header))).matches("[0-9a-f]{16}");
  }

  @Test
  void makesAnIdInsteadOfTwo() {
    assertThat(id(ask("/", "X-Request-Id: a", "X-Request-Id: b"))).matches("[0-9a-f]{16}");
  }

  @Test
  void makesAnotherIdForEachRequestAlsoForThoseThatNoHandlerTakes() {
    assertThat(List.of(id(ask("/")), id(ask("/")), id(ask("/none")), id(ask("/none"))))
        .doesNotHaveDuplicates();
  }

  @Test
  void goesOnWithTheTraceOfTheCallerUnderASpanOfItsOwn() {
    assertThat(ask("/", "traceparent: " + CALLER))
        .containsPattern(
            " 00-" + TRACE + "-(?!00f067aa0ba902b7)[0-9a-f]{16}-01 00f067aa0ba902b7 true$");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"00-" + TRACE + "-00f067aa0ba902b7", "ff-" + TRACE + "-00f067aa0ba902b7-01"})
  void beginsATraceInsteadOfOneThatIsNotWellFormed(String header) {
    assertThat(ask("/", "traceparent: " + header))
        .doesNotContain(TRACE)
        .containsPattern(" 00-[0-9a-f]{32}-[0-9a-f]{16}-01 - true$");
  }

  @Test
  void beginsATraceInsteadOfTwo() {
    assertThat(ask("/", "traceparent: " + CALLER, "traceparent: " + CALLER)).doesNotContain(TRACE);
  }
}
