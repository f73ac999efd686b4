package dstack.kms.attest.collateral;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dstack.kms.attest.forged.Certs;
import dstack.kms.core.bytes.Bytes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A provisioning service on the loopback interface that does as it is told, path by path. */
final class ScriptedPccs implements AutoCloseable {
  static final String PCK_CRL = "/sgx/certification/v4/pckcrl?ca=platform&encoding=der";
  static final String TCB = "/tdx/certification/v4/tcb?fmspc=00906ED50000";
  static final String QE = "/tdx/certification/v4/qe/identity?update=standard";
  static final String ROOT_CRL = "/sgx/certification/v4/rootcacrl";

  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Map<String, Handler> handlers = new ConcurrentHashMap<>();
  final List<String> requests = new CopyOnWriteArrayList<>();

  interface Handler {
    void answer(HttpExchange exchange) throws IOException;
  }

  ScriptedPccs() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(threads);
    server.createContext("/", this::handle);
    server.start();
  }

  static ScriptedPccs serving(Collateral collateral) {
    ScriptedPccs pccs = new ScriptedPccs();
    pccs.serve(collateral);
    return pccs;
  }

  void serve(Collateral collateral) {
    on(
        PCK_CRL,
        body(
            collateral.pckCrl(),
            Map.of("SGX-PCK-CRL-Issuer-Chain", encoded(collateral.pckCrlIssuerChain()))));
    on(
        TCB,
        body(
            tcbBody(collateral),
            Map.of("TCB-Info-Issuer-Chain", encoded(collateral.tcbInfoIssuerChain()))));
    on(
        QE,
        body(
            qeBody(collateral),
            Map.of(
                "SGX-Enclave-Identity-Issuer-Chain", encoded(collateral.qeIdentityIssuerChain()))));
    on(ROOT_CRL, body(Bytes.utf8(collateral.rootCaCrl().hex()), Map.of()));
  }

  static Bytes tcbBody(Collateral collateral) {
    return Bytes.utf8(
        "{\"tcbInfo\":"
            + collateral.tcbInfo()
            + ",\"signature\":\""
            + collateral.tcbInfoSignature().hex()
            + "\"}");
  }

  private static Bytes qeBody(Collateral collateral) {
    return Bytes.utf8(
        "{ \"signature\" : \""
            + collateral.qeIdentitySignature().hex()
            + "\", \"enclaveIdentity\" : "
            + collateral.qeIdentity()
            + " }\n");
  }

  void on(String path, Handler handler) {
    handlers.put(path, handler);
  }

  static Handler body(Bytes body, Map<String, String> headers) {
    return status(200, body, headers);
  }

  static Handler status(int status, Bytes body, Map<String, String> headers) {
    return exchange -> {
      headers.forEach((name, value) -> exchange.getResponseHeaders().add(name, value));
      exchange.sendResponseHeaders(status, body.isEmpty() ? -1 : body.length());
      body.writeTo(exchange.getResponseBody());
    };
  }

  static Handler status(int status) {
    return status(status, Bytes.EMPTY, Map.of());
  }

  /** Answers nothing until the server is closed. */
  Handler hang() {
    return exchange -> awaitClose();
  }

  /** Sends the head and one byte, then nothing. */
  Handler stall() {
    return exchange -> {
      exchange.sendResponseHeaders(200, 1000);
      exchange.getResponseBody().write('{');
      exchange.getResponseBody().flush();
      awaitClose();
    };
  }

  /** Promises more than it sends. */
  static Handler truncated(Bytes body) {
    return exchange -> {
      exchange.sendResponseHeaders(200, body.length() + 1L);
      body.writeTo(exchange.getResponseBody());
    };
  }

  static String encoded(String chain) {
    return URLEncoder.encode(chain, StandardCharsets.UTF_8).replace("+", "%20");
  }

  static String chain(Certs... certificates) {
    StringBuilder chain = new StringBuilder();
    for (Certs certificate : certificates) {
      chain.append(Certs.pem(certificate.der()));
    }
    return chain.toString();
  }

  private void handle(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().toString();
    requests.add(path);
    try (exchange) {
      handlers.getOrDefault(path, status(404)).answer(exchange);
    }
  }

  private void awaitClose() {
    try {
      closed.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  String base() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  CollateralEndpoint endpoint() {
    return CollateralEndpoint.of(base());
  }

  @Override
  public void close() {
    closed.countDown();
    server.stop(0);
    threads.shutdownNow();
  }
}
