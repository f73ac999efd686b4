package dstack.kms.rpc.limit;

import static org.assertj.core.api.Assertions.assertThat;

import dstack.kms.core.config.LimitsConfig;
import dstack.kms.core.config.Rate;
import dstack.kms.rpc.http.ClientNetwork;
import dstack.kms.rpc.http.Curl;
import dstack.kms.rpc.http.HttpReply;
import dstack.kms.rpc.http.HttpRoutes;
import dstack.kms.rpc.http.HttpServer;
import dstack.kms.rpc.http.Listener;
import dstack.kms.rpc.http.ReplyBody;
import dstack.kms.rpc.http.Route;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Limits over real sockets, with curl from several loopback addresses. */
final class LimitedRoutesTest {
  private static final Rate TWO = new Rate(2, Duration.ofHours(1));

  private final AtomicLong now = new AtomicLong();
  private final ConcurrentLinkedQueue<Limit> limited = new ConcurrentLinkedQueue<>();
  private volatile HttpRoutes current = routes();
  private HttpServer server;

  @BeforeEach
  void listen() throws IOException {
    server =
        HttpServer.start(
            Listener.plain(
                "main",
                new InetSocketAddress(InetAddress.ofLiteral("0.0.0.0"), 0),
                (head, connection) -> current.route(head, connection)));
  }

  private void limit(Optional<Rate> total, Optional<Rate> address, String... shared) {
    List<InetAddress> exempt = List.of(shared).stream().map(InetAddress::ofLiteral).toList();
    LimitsConfig limits =
        new LimitsConfig(total, address, Optional.empty(), Optional.empty(), exempt);
    LimitObserver observer =
        new LimitObserver() {
          @Override
          public void limited(Limit which) {
            limited.add(which);
          }
        };
    current = new LimitedRoutes(routes(), limits, now::get, observer);
  }

  private static HttpRoutes routes() {
    return (head, _) ->
        head.path().equals("/health")
            ? new Route.Immediate(HttpReply.text(200, "OK"))
            : new Route.Handled(
                "Method",
                100,
                _ -> HttpReply.text(200, "done"),
                (status, text) ->
                    HttpReply.of(
                        status, HttpReply.JSON, ReplyBody.of("{\"error\":\"" + text + "\"}")));
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private String ask(String from, String path) {
    return Curl.run(
        "-i", "--interface", from, "-d", "x", "http://127.0.0.1:" + server.port() + path);
  }

  private String ask(String from) {
    return ask(from, "/prpc/Method");
  }

  @Test
  void answersOneRequestTooManyOfAnAddressWith429InTheFormOfTheMethod() {
    limit(Optional.empty(), Optional.of(TWO));
    assertThat(ask("127.0.0.2")).endsWith("done");
    assertThat(ask("127.0.0.2")).endsWith("done");
    assertThat(ask("127.0.0.2"))
        .startsWith("HTTP/1.1 429 ")
        .containsIgnoringCase("retry-after: 1800")
        .endsWith("{\"error\":\"too many requests from this address, try again in 1800 s\"}");
    assertThat(limited).containsExactly(Limit.ADDRESS);
  }

  @Test
  void leavesOtherAddressesAlone() {
    limit(Optional.empty(), Optional.of(TWO));
    for (int i = 0; i < 3; i++) {
      ask("127.0.0.2");
    }
    assertThat(ask("127.0.0.3")).endsWith("done");
  }

  @Test
  void limitsAllAddressesTogether() {
    limit(Optional.of(TWO), Optional.empty());
    assertThat(ask("127.0.0.2")).endsWith("done");
    assertThat(ask("127.0.0.3")).endsWith("done");
    assertThat(ask("127.0.0.4")).startsWith("HTTP/1.1 429 ").contains("too many requests,");
    assertThat(limited).containsExactly(Limit.TOTAL);
  }

  @Test
  void takesNothingFromAllForARequestThatItsAddressMayNotMake() {
    limit(Optional.of(new Rate(3, Duration.ofHours(1))), Optional.of(TWO));
    for (int i = 0; i < 9; i++) {
      ask("127.0.0.2");
    }
    assertThat(ask("127.0.0.3")).endsWith("done");
  }

  @Test
  void grantsAgainAfterTheTimeItSaid() {
    limit(Optional.empty(), Optional.of(TWO));
    for (int i = 0; i < 3; i++) {
      ask("127.0.0.2");
    }
    now.addAndGet(Duration.ofMinutes(30).toNanos());
    assertThat(ask("127.0.0.2")).endsWith("done");
  }

  @Test
  void doesNotCountWhatIsAnsweredFromTheHeadAlone() {
    limit(Optional.of(TWO), Optional.of(TWO));
    for (int i = 0; i < 9; i++) {
      assertThat(ask("127.0.0.2", "/health")).endsWith("OK");
    }
    assertThat(ask("127.0.0.2")).endsWith("done");
  }

  @Test
  void doesNotLimitABalancerByItsAddress() {
    limit(Optional.empty(), Optional.of(TWO), "127.0.0.2");
    for (int i = 0; i < 5; i++) {
      assertThat(ask("127.0.0.2")).endsWith("done");
    }
  }

  @ParameterizedTest
  @CsvSource({"X-Forwarded-For: 9.9.9.9", "Forwarded: for=9.9.9.9", "X-Real-IP: 9.9.9.9"})
  void believesNoHeaderAboutTheAddress(String header) {
    limit(Optional.empty(), Optional.of(TWO));
    for (int i = 0; i < 2; i++) {
      ask("127.0.0.2");
    }
    assertThat(
            Curl.run(
                "-i",
                "--interface",
                "127.0.0.2",
                "-H",
                header,
                "http://127.0.0.1:" + server.port() + "/prpc/Method"))
        .startsWith("HTTP/1.1 429 ");
  }

  @Test
  void refusesThePrologueOfABalancer() {
    limit(Optional.empty(), Optional.empty());
    assertThat(
            Curl.run(
                "-i", "--haproxy-protocol", "http://127.0.0.1:" + server.port() + "/prpc/Method"))
        .doesNotContain("200");
  }

  @ParameterizedTest
  @CsvSource({
    "2001:db8:1:2::1, 2001:db8:1:2:ffff::9, true",
    "2001:db8:1:2::1, 2001:db8:1:3::1, false",
    "10.0.0.1, 10.0.0.2, false",
    "10.0.0.1, ::ffff:10.0.0.1, true",
  })
  void tellsClientsApartByNetwork(String one, String other, boolean same) {
    assertThat(
            ClientNetwork.of(InetAddress.ofLiteral(one))
                .equals(ClientNetwork.of(InetAddress.ofLiteral(other))))
        .isEqualTo(same);
  }
}
