package dstack.kms.acceptance;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;

/** A webhook authority that decides as the test last told it and keeps every request body. */
public final class Webhook implements AutoCloseable {
  private static final String INFO =
      """
      {"status":"ok","kmsContractAddr":"0xFaAD000000000000000000000000000000004DBC",\
      "ethRpcUrl":"https://rpc.example","gatewayAppId":"any","chainId":84532,\
      "appAuthImplementation":"0x43ac00000000000000000000000000000000A578",\
      "appImplementation":"0x43ac00000000000000000000000000000000A578"}\
      """;

  private final HttpServer server;
  public final List<String> requests = new CopyOnWriteArrayList<>();
  private volatile UnaryOperator<String> reasons = _ -> "";

  /** Answers at a free port of the loopback, and allows at first. */
  public Webhook() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.createContext("/", exchange -> reply(exchange, INFO));
    server.createContext("/bootAuth/app", this::decide);
    server.createContext("/bootAuth/kms", this::decide);
    server.start();
  }

  /** Where it listens. */
  public String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /** Denies from now on. */
  public void deny(String reason) {
    reasons = _ -> reason;
  }

  /** Allows from now on. */
  public void allow() {
    reasons = _ -> "";
  }

  /** Decides from now on by what is asked: the reason to deny a request body, empty to allow it. */
  public void decide(UnaryOperator<String> reasonToDeny) {
    reasons = reasonToDeny;
  }

  @Override
  public void close() {
    server.stop(0);
  }

  private void decide(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    requests.add(path + " " + body);
    String reason = reasons.apply(body);
    reply(
        exchange,
        "{\"isAllowed\":%b,\"reason\":\"%s\",\"gatewayAppId\":\"%s\"}"
            .formatted(reason.isEmpty(), reason, reason.isEmpty() ? "any" : ""));
  }

  private static void reply(HttpExchange exchange, String json) throws IOException {
    byte[] body = json.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().add("Content-Type", "application/json");
    exchange.sendResponseHeaders(200, body.length);
    try (var out = exchange.getResponseBody()) {
      out.write(body);
    }
  }
}
