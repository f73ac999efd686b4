package dstack.kms.rpc.telemetry;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** An OTLP receiver over HTTP that takes exactly what the protocol's JSON form allows. */
final class Collector implements AutoCloseable {
  private final CopyOnWriteArrayList<JsonNode> spans = new CopyOnWriteArrayList<>();
  private final CopyOnWriteArrayList<String> wrong = new CopyOnWriteArrayList<>();
  private final HttpServer server;
  volatile int status = 200;
  volatile boolean answersWithNoLength;
  volatile CountDownLatch gate = new CountDownLatch(0);

  Collector() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", this::take);
    server.start();
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  private void take(HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] body = exchange.getRequestBody().readAllBytes();
      gate.await();
      check(exchange.getRequestURI().getPath().equals("/v1/traces"), "path");
      check("POST".equals(exchange.getRequestMethod()), "method");
      check(
          "application/json".equals(exchange.getRequestHeaders().getFirst("Content-Type")),
          "content type");
      if (status == 200) {
        read(JsonMapper.shared().readTree(body));
      }
      if (answersWithNoLength) {
        exchange.getResponseHeaders().set("Content-Length", "many");
      }
      exchange.sendResponseHeaders(status, answersWithNoLength ? 0 : 2);
      exchange.getResponseBody().write("{}".getBytes(java.nio.charset.StandardCharsets.UTF_8));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UncheckedIOException(new IOException(e));
    }
  }

  private void read(JsonNode request) {
    for (JsonNode resource : request.get("resourceSpans")) {
      check(resource.at("/resource/attributes/0/key").asString().equals("service.name"), "service");
      for (JsonNode scope : resource.get("scopeSpans")) {
        scope.get("spans").forEach(this::add);
      }
    }
  }

  private void add(JsonNode span) {
    check(span.get("traceId").asString().matches("[0-9a-f]{32}"), "traceId");
    check(span.get("spanId").asString().matches("[0-9a-f]{16}"), "spanId");
    check(span.get("kind").isInt(), "kind is a number");
    check(span.get("startTimeUnixNano").isString(), "64-bit integers are texts");
    long start = Long.parseLong(span.get("startTimeUnixNano").asString());
    check(start <= Long.parseLong(span.get("endTimeUnixNano").asString()), "start before end");
    spans.add(span);
  }

  private void check(boolean holds, String what) {
    if (!holds) {
      wrong.add(what);
    }
  }

  /** What was not as the protocol says. */
  List<String> wrong() {
    return List.copyOf(wrong);
  }

  List<JsonNode> spans() {
    return List.copyOf(spans);
  }

  /** Waits for a span. */
  JsonNode await(Predicate<JsonNode> wanted) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (System.nanoTime() < end) {
      for (JsonNode span : spans) {
        if (wanted.test(span)) {
          return span;
        }
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
    }
    throw new AssertionError("no such span among " + spans);
  }

  @Override
  public void close() {
    gate.countDown();
    server.stop(0);
  }
}
