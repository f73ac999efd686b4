package dstack.kms.sim.pccs;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dstack.kms.core.annotation.Permitted;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.sim.fault.SimulatedFault;
import dstack.kms.sim.platform.SimulatedPlatform;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** The services, listening on 127.0.0.1 until it is closed. */
@Permitted("module jdk.httpserver is a documented part of every JDK")
public final class SimulatedPccs implements AutoCloseable {
  private static final int HUGE_LENGTH = 64 * 1024 * 1024;
  private static final int REMEMBERED = 10_000;

  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final CurrentCollateral collateral;
  private final PccsRoutes routes;
  private final DocumentRoutes documents;
  private final Queue<String> requests = new ConcurrentLinkedQueue<>();
  private final CountDownLatch closed = new CountDownLatch(1);
  private volatile PccsFault fault = PccsFault.NONE;

  private SimulatedPccs(HttpServer server, SimulatedPlatform platform) {
    this.server = server;
    collateral = new CurrentCollateral(platform);
    routes = new PccsRoutes(collateral);
    documents = new DocumentRoutes(platform);
  }

  /**
   * Serves the platform's collateral and its other makers' documents; from now on the platform's
   * certificates say that those lie here.
   *
   * @param port 0 for any free one
   * @throws IOException if the port is taken
   */
  public static SimulatedPccs serve(int port, SimulatedPlatform platform) throws IOException {
    InetAddress loopback = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
    HttpServer server = HttpServer.create(new InetSocketAddress(loopback, port), 0);
    SimulatedPccs pccs = new SimulatedPccs(server, platform);
    server.setExecutor(pccs.threads);
    server.createContext("/", pccs::handle);
    server.start();
    platform.serveDocumentsAt(pccs.port());
    return pccs;
  }

  /** The port it listens at. */
  public int port() {
    return server.getAddress().getPort();
  }

  /** What {@code core.attestation.urls.pccs} takes. */
  public String url() {
    return "http://127.0.0.1:" + port();
  }

  /** What {@code core.attestation.urls.amd_kds} takes. */
  public String kdsUrl() {
    return url() + "/vcek/v1";
  }

  /** From now on answers with these faults in collateral and documents; without any, rightly. */
  public void inject(SimulatedFault... faults) {
    collateral.inject(faults);
    documents.inject(faults);
  }

  /** From now on misbehaves that way. */
  public void misbehave(PccsFault way) {
    fault = way;
  }

  /** The first 10,000 requests since the start: path and query, in order. */
  public List<String> requests() {
    return List.copyOf(requests);
  }

  @Override
  public void close() {
    closed.countDown();
    server.stop(0);
    threads.close();
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      if (requests.size() < REMEMBERED) {
        requests.add(exchange.getRequestURI().toString());
      }
      if (!exchange.getRequestMethod().equals("GET")) {
        exchange.sendResponseHeaders(405, -1);
        return;
      }
      URI uri = exchange.getRequestURI();
      PccsAnswer answer = documents.answer(uri).orElseGet(() -> routes.answer(uri));
      switch (fault) {
        case NONE -> send(exchange, answer, answer.body());
        case UNAVAILABLE -> send(exchange, 503, Bytes.utf8("out of order"));
        case SILENT -> awaitClose();
        case HUGE -> sendHuge(exchange, answer);
        case TRUNCATED ->
            send(exchange, answer, answer.body().slice(0, answer.body().length() / 2));
        case NO_HEADERS -> send(exchange, answer.status(), answer.body());
        case GARBAGE -> send(exchange, answer, Bytes.utf8("<html>welcome</html>"));
        case REDIRECT -> {
          exchange.getResponseHeaders().set("Location", exchange.getRequestURI().toString());
          send(exchange, 302, Bytes.EMPTY);
        }
      }
    }
  }

  private static void send(HttpExchange exchange, PccsAnswer answer, Bytes body)
      throws IOException {
    setHeaders(exchange, answer);
    send(exchange, answer.status(), body);
  }

  private static void setHeaders(HttpExchange exchange, PccsAnswer answer) {
    exchange.getResponseHeaders().set("Content-Type", answer.contentType());
    answer
        .chainHeader()
        .ifPresent(name -> exchange.getResponseHeaders().set(name, answer.encodedChain()));
  }

  private static void send(HttpExchange exchange, int status, Bytes body) throws IOException {
    exchange.sendResponseHeaders(status, body.isEmpty() ? -1 : body.length());
    if (!body.isEmpty()) {
      try (OutputStream stream = exchange.getResponseBody()) {
        body.writeTo(stream);
      }
    }
  }

  private static void sendHuge(HttpExchange exchange, PccsAnswer answer) throws IOException {
    setHeaders(exchange, answer);
    exchange.sendResponseHeaders(200, 0);
    byte[] blanks = " ".repeat(64 * 1024).getBytes(java.nio.charset.StandardCharsets.US_ASCII);
    try (OutputStream stream = exchange.getResponseBody()) {
      for (int sent = 0; sent < HUGE_LENGTH; sent += blanks.length) {
        stream.write(blanks);
      }
      answer.body().writeTo(stream);
    }
  }

  private void awaitClose() {
    try {
      closed.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
