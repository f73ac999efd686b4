package dstack.kms.rpc.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Slow clients, overload and stopping (specifications 00 §9, 91 §17). */
final class HttpServerOverloadTest {
  private static final String SLOW = "POST /slow HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n";
  private static final String HEALTH = "GET /health HTTP/1.1\r\nHost: a\r\n\r\n";

  private final TestRoutes routes = new TestRoutes();
  private final List<AutoCloseable> opened = new ArrayList<>();

  private HttpServer start(HttpLimits limits) throws IOException {
    HttpServer server =
        HttpServer.start(
            Listener.plain(
                    "test", new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), routes)
                .within(limits));
    opened.add(0, server);
    return server;
  }

  private RawClient connect(HttpServer server) {
    RawClient client = new RawClient(server.port());
    opened.add(client);
    return client;
  }

  @AfterEach
  void close() throws Exception {
    routes.release.countDown();
    for (AutoCloseable each : opened) {
      each.close();
    }
  }

  @Test
  void closesAConnectionThatStaysIdle() throws IOException {
    HttpServer server = start(HttpLimits.SMALL.withReading(Duration.ofMillis(200)));
    RawClient client = connect(server);
    assertThat(client.send(HEALTH).read().status()).isEqualTo(200);
    assertThat(client.isClosedByServer()).isTrue();
  }

  @Test
  void closesAConnectionWhoseHeadNeverEnds() throws IOException {
    HttpServer server = start(HttpLimits.SMALL.withReading(Duration.ofMillis(200)));
    assertThat(connect(server).send("GET /health HTTP/1.1\r\nA: ").isClosedByServer()).isTrue();
  }

  @Test
  void answersABodyThatNeverEndsWith408() throws IOException {
    HttpServer server = start(HttpLimits.SMALL.withReading(Duration.ofMillis(200)));
    RawClient client = connect(server);
    client.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nhal");
    assertThat(client.read().status()).isEqualTo(408);
    assertThat(client.isClosedByServer()).isTrue();
    assertThat(routes.handled).hasValue(0);
  }

  @Test
  void turnsAwayWhatFindsNoPlace() throws IOException {
    HttpServer server = start(HttpLimits.SMALL.withConcurrency(1, 0, Duration.ofSeconds(1)));
    RawClient first = connect(server).send(SLOW);
    TestRoutes.await(() -> routes.running.get() == 1);
    RawClient.Reply refused = connect(server).send(SLOW).read();
    assertThat(refused.status()).isEqualTo(503);
    assertThat(refused.header("retry-after")).isEqualTo("1");
    assertThat(refused.body()).isEqualTo("the server is overloaded, try again\n");
    assertThat(connect(server).send(HEALTH).read().status()).isEqualTo(200);
    routes.release.countDown();
    assertThat(first.read().body()).isEqualTo("released");
    assertThat(connect(server).send(SLOW).read().status()).isEqualTo(200);
  }

  @Test
  void turnsAwayWhatWaitsTooLong() throws IOException {
    HttpServer server = start(HttpLimits.SMALL.withConcurrency(1, 5, Duration.ofMillis(100)));
    connect(server).send(SLOW);
    TestRoutes.await(() -> routes.running.get() == 1);
    assertThat(connect(server).send(SLOW).read().status()).isEqualTo(503);
  }

  @Test
  void letsWhatWaitsRunWhenAPlaceIsFree() throws IOException {
    HttpServer server = start(HttpLimits.SMALL.withConcurrency(1, 5, Duration.ofSeconds(10)));
    RawClient first = connect(server).send(SLOW);
    TestRoutes.await(() -> routes.running.get() == 1);
    RawClient second = connect(server).send(SLOW);
    routes.release.countDown();
    assertThat(first.read().body()).isEqualTo("released");
    assertThat(second.read().body()).isEqualTo("released");
  }

  @Test
  void answersARequestThatOutlivesItsDeadlineAndInterruptsIt() throws IOException {
    HttpServer server = start(HttpLimits.SMALL.withDeadline(Duration.ofMillis(100)));
    RawClient client = connect(server).send(SLOW);
    RawClient.Reply reply = client.read();
    assertThat(reply.status()).isEqualTo(503);
    assertThat(reply.body()).isEqualTo("the request took too long\n");
    assertThat(client.isClosedByServer()).isTrue();
  }

  private static String slowWith(int length) {
    return "POST /slow HTTP/1.1\r\nHost: a\r\nContent-Length: " + length + "\r\n\r\n";
  }

  @Test
  void turnsLargeBodiesAwayWithoutMemoryAndLetsSmallOnesPass() throws IOException {
    HttpServer server = start(HttpLimits.SMALL.withBodies(10_000));
    String part = "x".repeat(MemoryBudget.FREE_OF_A_BODY + 10_000);
    connect(server).send(slowWith(part.length() + 1) + part);
    RawClient.Reply small =
        connect(server).send(echo("y".repeat(MemoryBudget.FREE_OF_A_BODY))).read();
    assertThat(small.status()).isEqualTo(200);
    TestRoutes.await(
        () ->
            connect(server)
                .send(echo("z".repeat(MemoryBudget.FREE_OF_A_BODY + 1)))
                .answersWith(503));
  }

  private static String echo(String body) {
    return "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
  }

  @Test
  void keepsTheMemoryOfABodyThatAHandlerHoldsBeyondItsDeadline() throws IOException {
    HttpServer server =
        start(HttpLimits.SMALL.withBodies(10_000).withDeadline(Duration.ofMillis(500)));
    String large = "x".repeat(MemoryBudget.FREE_OF_A_BODY + 10_000);
    RawClient late = connect(server).send(echo(large).replace("/echo", "/stubborn"));
    assertThat(late.read().body()).isEqualTo("the request took too long\n");
    assertThat(late.isClosedByServer()).isTrue();
    assertThat(connect(server).send(echo(large)).read().body()).contains("overloaded");
    routes.release.countDown();
    TestRoutes.await(() -> connect(server).send(echo(large)).answersWith(200));
  }

  @Test
  void closesConnectionsBeyondTheirNumber() throws IOException {
    HttpServer server = start(HttpLimits.SMALL.withConnections(2));
    RawClient one = connect(server);
    RawClient two = connect(server);
    assertThat(one.send(HEALTH).read().status()).isEqualTo(200);
    assertThat(two.send(HEALTH).read().status()).isEqualTo(200);
    assertThat(connect(server).isClosedByServer()).isTrue();
    one.close();
    TestRoutes.await(() -> new RawClient(server.port()).send(HEALTH).answersWith(200));
  }

  @Test
  void finishesRunningRequestsBeforeItEnds() throws Exception {
    HttpServer server = start(HttpLimits.SMALL.withDrain(Duration.ofSeconds(10)));
    RawClient idle = connect(server);
    assertThat(idle.send(HEALTH).read().status()).isEqualTo(200);
    RawClient busy = connect(server).send(SLOW);
    TestRoutes.await(() -> routes.running.get() == 1);
    CompletableFuture<Void> stopped = CompletableFuture.runAsync(server::close);
    assertThat(idle.isClosedByServer()).isTrue();
    routes.release.countDown();
    RawClient.Reply reply = busy.read();
    assertThat(reply.body()).isEqualTo("released");
    assertThat(reply.header("connection")).isEqualTo("close");
    stopped.get(20, java.util.concurrent.TimeUnit.SECONDS);
  }

  @Test
  void cutsOffWhatDoesNotEndInTime() throws Exception {
    HttpServer server = start(HttpLimits.SMALL.withDrain(Duration.ofMillis(100)));
    RawClient busy = connect(server).send(SLOW);
    TestRoutes.await(() -> routes.running.get() == 1);
    server.close();
    assertThat(busy.isClosedByServer()).isTrue();
  }
}
