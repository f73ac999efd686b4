package dstack.kms.rpc.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Framing, limits and order over real sockets (specification 00 §9). */
final class HttpServerTest {
  private static final String GET_HEALTH = "GET /health HTTP/1.1\r\nHost: a\r\n\r\n";

  private final TestRoutes routes = new TestRoutes();
  private HttpServer server;

  @BeforeEach
  void start() throws IOException {
    server =
        HttpServer.start(
            Listener.plain(
                    "test", new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), routes)
                .answeringWith(Map.of("X-App-Version", "v1")));
  }

  @AfterEach
  void stop() {
    routes.release.countDown();
    server.close();
  }

  private RawClient connect() {
    return new RawClient(server.port());
  }

  private static String post(String path, String headers, String body) {
    return "POST " + path + " HTTP/1.1\r\nHost: a\r\n" + headers + "\r\n" + body;
  }

  @Test
  void answersOneRequestAfterTheOtherOnOneConnection() {
    try (RawClient client = connect()) {
      for (int i = 0; i < 3; i++) {
        RawClient.Reply reply = client.send(GET_HEALTH).read();
        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.body()).isEqualTo("OK");
        assertThat(reply.header("content-type")).isEqualTo("text/plain; charset=utf-8");
        assertThat(reply.header("x-app-version")).isEqualTo("v1");
      }
    }
  }

  @Test
  void answersPipelinedRequestsInOrder() {
    try (RawClient client = connect()) {
      client.send(
          post("/echo", "Content-Length: 1\r\n", "1")
              + GET_HEALTH
              + post("/echo", "Transfer-Encoding: chunked\r\n", "1\r\n2\r\n1\r\n3\r\n0\r\n\r\n")
              + post("/echo", "Content-Length: 0\r\n", ""));
      assertThat(client.read().body()).isEqualTo("1");
      assertThat(client.read().body()).isEqualTo("OK");
      assertThat(client.read().body()).isEqualTo("23");
      assertThat(client.read().body()).isEmpty();
    }
  }

  @Test
  void answersAThousandPipelinedRequestsWithoutGrowingTheStack() {
    try (RawClient client = connect()) {
      client.send(GET_HEALTH.repeat(1000));
      for (int i = 0; i < 1000; i++) {
        assertThat(client.read().status()).isEqualTo(200);
      }
    }
  }

  @Test
  void readsTenThousandOneByteChunks() {
    try (RawClient client = connect()) {
      client.send(
          post("/echo", "Transfer-Encoding: chunked\r\n", "1\r\nx\r\n".repeat(10_000))
              + "0\r\n\r\n");
      assertThat(client.read().body()).hasSize(10_000);
    }
  }

  @Test
  void answersHeadLikeGetWithoutTheBody() {
    try (RawClient client = connect()) {
      RawClient.Reply head = client.send("HEAD /health HTTP/1.1\r\nHost: a\r\n\r\n").read(false);
      assertThat(head.status()).isEqualTo(200);
      assertThat(head.header("content-length")).isEqualTo("2");
      assertThat(client.send(GET_HEALTH).read().body()).isEqualTo("OK");
    }
  }

  @Test
  void answersUnknownPathsWith404AndTheFixedHeaders() {
    try (RawClient client = connect()) {
      RawClient.Reply reply = client.send("GET /none HTTP/1.1\r\nHost: a\r\n\r\n").read();
      assertThat(reply.status()).isEqualTo(404);
      assertThat(reply.header("x-app-version")).isEqualTo("v1");
    }
  }

  @Test
  void runsHandlersOnVirtualThreads() {
    try (RawClient client = connect()) {
      assertThat(client.send(post("/thread", "Content-Length: 0\r\n", "")).read().body())
          .isEqualTo("virtual true");
    }
  }

  @Test
  void answersABugWithAPlainInternalError() {
    try (RawClient client = connect()) {
      RawClient.Reply reply = client.send(post("/boom", "Content-Length: 0\r\n", "")).read();
      assertThat(reply.status()).isEqualTo(500);
      assertThat(reply.body()).isEqualTo("internal error\n");
      assertThat(client.send(GET_HEALTH).read().status()).isEqualTo(200);
    }
  }

  // ---- framing

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n",
        "Transfer-Encoding: chunked\r\nContent-Length: 3\r\n",
        "Content-Length: 3\r\nContent-Length: 3\r\n",
        "Content-Length: 3\r\nContent-Length: 4\r\n",
        "Content-Length: 3, 3\r\n",
        "Content-Length: +3\r\n",
        "Content-Length: -3\r\n",
        "Content-Length: 0x3\r\n",
        "Content-Length: 3 4\r\n",
        "Content-Length:\r\n",
        "Content-Length : 3\r\n",
        "Transfer-Encoding: gzip, chunked\r\n",
        "Transfer-Encoding: chunked, chunked\r\n",
        "Transfer-Encoding: identity\r\n",
        "Transfer-Encoding: xchunked\r\n",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n",
        "Transfer-Encoding : chunked\r\n",
        "Host: b\r\n",
        "Na\u0000me: x\r\n",
        "Content-Length: 3\n Transfer-Encoding: chunked\r\n",
        ": x\r\n"
      })
  void refusesAmbiguousFramingAndCloses(String headers) {
    try (RawClient client = connect()) {
      client.send(post("/echo", headers, "3\r\nabc\r\n0\r\n\r\n" + GET_HEALTH));
      assertThat(client.read().status()).isEqualTo(400);
      assertThat(client.isClosedByServer()).isTrue();
      assertThat(routes.handled).hasValue(0);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"zz\r\nabc\r\n", "-1\r\n", "ffffffffffffffffff\r\n", "3\r\nabcdef\r\n"})
  void refusesMalformedChunksAndCloses(String chunks) {
    try (RawClient client = connect()) {
      client.send(post("/echo", "Transfer-Encoding: chunked\r\n", chunks + GET_HEALTH));
      assertThat(client.read().status()).isEqualTo(400);
      assertThat(client.isClosedByServer()).isTrue();
      assertThat(routes.handled).hasValue(0);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET /health HTTP/2.0\r\n\r\n",
        "GET /health HTTP/0.9\r\n\r\n",
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
      })
  void refusesOtherVersionsAndCloses(String request) {
    try (RawClient client = connect()) {
      assertThat(client.send(request).read().status()).isEqualTo(505);
      assertThat(client.isClosedByServer()).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "garbage\r\n\r\n",
        "GET\r\n\r\n",
        "GET /health\r\n\r\n",
        "\u0016\u0003\u0001\r\n\r\n"
      })
  void refusesWhatIsNoRequestLine(String request) {
    try (RawClient client = connect()) {
      assertThat(client.send(request).read().status()).isIn(400, 505);
      assertThat(client.isClosedByServer()).isTrue();
    }
  }

  @Test
  void refusesChunkedBodiesUnderHttp10() {
    try (RawClient client = connect()) {
      client.send("POST /echo HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\r\n");
      assertThat(client.read().status()).isEqualTo(400);
      assertThat(client.isClosedByServer()).isTrue();
    }
  }

  @Test
  void closesAfterHttp10AndAfterConnectionClose() {
    for (String request :
        new String[] {
          "GET /health HTTP/1.0\r\n\r\n",
          "GET /health HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
        }) {
      try (RawClient client = connect()) {
        RawClient.Reply reply = client.send(request).read();
        assertThat(reply.body()).isEqualTo("OK");
        assertThat(reply.header("connection")).isEqualTo("close");
        assertThat(client.isClosedByServer()).isTrue();
      }
    }
  }

  // ---- sizes

  @Test
  void readsExactlyTheBodyLimitAndRefusesOneByteMore() {
    for (boolean chunked : new boolean[] {false, true}) {
      for (int length : new int[] {TestRoutes.LIMIT, TestRoutes.LIMIT + 1}) {
        try (RawClient client = connect()) {
          client.send(body(length, chunked));
          RawClient.Reply reply = client.read();
          boolean passes = length == TestRoutes.LIMIT;
          assertThat(reply.status()).isEqualTo(passes ? 200 : 400);
          if (passes) {
            assertThat(reply.body()).hasSize(length);
          } else {
            assertThat(reply.body()).isEqualTo("failed to read data: payload too large\n");
          }
        }
      }
    }
  }

  private static String body(int length, boolean chunked) {
    String content = "x".repeat(length);
    return chunked
        ? post(
            "/echo",
            "Transfer-Encoding: chunked\r\n",
            Integer.toHexString(length) + "\r\n" + content + "\r\n0\r\n\r\n")
        : post("/echo", "Content-Length: " + length + "\r\n", content);
  }

  @Test
  void refusesATooLargeBodyBeforeItIsSent() {
    try (RawClient client = connect()) {
      client.send(post("/echo", "Content-Length: 99999999999\r\n", ""));
      assertThat(client.read().status()).isEqualTo(400);
      assertThat(client.isClosedByServer()).isTrue();
    }
  }

  @Test
  void keepsTheConnectionAfterSkippingASmallUnreadBody() {
    try (RawClient client = connect()) {
      client.send(post("/none", "Content-Length: 5\r\n", "hello") + GET_HEALTH);
      assertThat(client.read().status()).isEqualTo(404);
      assertThat(client.read().body()).isEqualTo("OK");
    }
  }

  @Test
  void tellsAWaitingClientToContinueOrRefusesAtOnce() {
    try (RawClient client = connect()) {
      client.send(post("/echo", "Content-Length: 2\r\nExpect: 100-continue\r\n", ""));
      assertThat(client.read(false).status()).isEqualTo(100);
      assertThat(client.send("hi").read().body()).isEqualTo("hi");
      client.send(post("/none", "Content-Length: 2\r\nExpect: 100-continue\r\n", ""));
      assertThat(client.read().status()).isEqualTo(404);
      assertThat(client.isClosedByServer()).isTrue();
    }
  }

  @Test
  void refusesLongRequestLines() {
    try (RawClient client = connect()) {
      client.send("GET /" + "a".repeat(8_192) + " HTTP/1.1\r\n\r\n");
      assertThat(client.read().status()).isEqualTo(414);
      assertThat(client.isClosedByServer()).isTrue();
    }
    try (RawClient client = connect()) {
      client.send("GET /" + "a".repeat(8_100) + " HTTP/1.1\r\nHost: a\r\n\r\n");
      assertThat(client.read().status()).isEqualTo(404);
    }
  }

  @Test
  void refusesLargeHeaders() {
    try (RawClient client = connect()) {
      client.send("GET /health HTTP/1.1\r\nA: " + "a".repeat(32_768) + "\r\n\r\n");
      assertThat(client.read().status()).isEqualTo(431);
      assertThat(client.isClosedByServer()).isTrue();
    }
    try (RawClient client = connect()) {
      client.send("GET /health HTTP/1.1\r\nHost: a\r\nA: " + "a".repeat(32_000) + "\r\n\r\n");
      assertThat(client.read().status()).isEqualTo(200);
    }
  }

  // ---- half-closed sockets

  @Test
  void answersAClientThatClosedItsHalf() {
    try (RawClient client = connect()) {
      client.send(post("/echo", "Content-Length: 2\r\n", "hi") + GET_HEALTH).halfClose();
      assertThat(client.read().body()).isEqualTo("hi");
      assertThat(client.read().body()).isEqualTo("OK");
      assertThat(client.isClosedByServer()).isTrue();
    }
  }

  @Test
  void forgetsARequestThatWillNeverBeComplete() {
    for (String part : new String[] {"GET /hea", post("/echo", "Content-Length: 9\r\n", "hi")}) {
      try (RawClient client = connect()) {
        client.send(part).halfClose();
        assertThat(client.isClosedByServer()).isTrue();
      }
    }
    assertThat(routes.handled).hasValue(0);
  }

  @Test
  void survivesAClientThatLeavesDuringItsRequest() {
    RawClient client = connect();
    client.send(post("/slow", "Content-Length: 0\r\n", ""));
    TestRoutes.await(() -> routes.running.get() == 1);
    client.close();
    try (RawClient other = connect()) {
      assertThat(other.send(GET_HEALTH).read().status()).isEqualTo(200);
    }
  }

  @Test
  void keepsNothingWaitingForLongerThanItsDeadlines() {
    assertThat(HttpLimits.DEFAULT.head()).isEqualTo(Duration.ofSeconds(30));
    assertThat(HttpLimits.DEFAULT.body()).isEqualTo(Duration.ofSeconds(30));
  }
}
