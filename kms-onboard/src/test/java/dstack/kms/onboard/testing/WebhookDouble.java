package dstack.kms.onboard.testing;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;

/**
 * An authority over HTTP that allows everything until it is told to deny (specification 04 §7.2).
 */
public final class WebhookDouble implements AutoCloseable {
  private static final String INFO =
      "{\"status\":\"ok\",\"kmsContractAddr\":\"0x1234\",\"ethRpcUrl\":\"https://rpc.example\","
          + "\"gatewayAppId\":\"gateway\",\"chainId\":8453,\"appImplementation\":\"0x5678\"}";

  private final HttpServer server;
  private final Queue<String> asked = new ConcurrentLinkedQueue<>();
  private volatile String denial = "";
  private volatile CountDownLatch held = new CountDownLatch(0);

  private WebhookDouble(HttpServer server) {
    this.server = server;
  }

  /** Listens at a free port of the loopback. */
  public static WebhookDouble serve() throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    WebhookDouble webhook = new WebhookDouble(server);
    server.createContext("/", webhook::answer);
    server.start();
    return webhook;
  }

  /** What {@code core.auth_api.webhook.url} takes. */
  public String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /** From now on denies with this reason. */
  public void deny(String reason) {
    denial = reason;
  }

  /** From now on allows. */
  public void allow() {
    denial = "";
  }

  /** From now on answers nothing until the latch is at zero. */
  public void holdUntil(CountDownLatch latch) {
    held = latch;
  }

  /** The paths that were asked for, in order. */
  public List<String> asked() {
    return List.copyOf(asked);
  }

  @Override
  public void close() {
    server.stop(0);
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      asked.add(exchange.getRequestURI().getPath());
      exchange.getRequestBody().readAllBytes();
      held.await();
      boolean info = exchange.getRequestMethod().equals("GET");
      byte[] body = (info ? INFO : decision()).getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(200, body.length);
      exchange.getResponseBody().write(body);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private String decision() {
    return "{\"isAllowed\":%s,\"gatewayAppId\":\"gateway\",\"reason\":\"%s\"}"
        .formatted(denial.isEmpty(), denial);
  }
}
