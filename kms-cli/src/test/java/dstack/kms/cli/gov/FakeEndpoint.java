package dstack.kms.cli.gov;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;

/** An endpoint between the program and a real chain that lies about one method's answers. */
final class FakeEndpoint implements AutoCloseable {
  /** What it makes of an answer. */
  interface Lie {
    String about(String answer);
  }

  private final HttpServer server;
  private final HttpClient client = HttpClient.newHttpClient();

  FakeEndpoint(String chain, String method, Lie lie) throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          try (exchange) {
            byte[] body = exchange.getRequestBody().readAllBytes();
            String answer = ask(chain, body);
            boolean concerned = new String(body, StandardCharsets.UTF_8).contains(method);
            byte[] said = (concerned ? lie.about(answer) : answer).getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, said.length);
            exchange.getResponseBody().write(said);
          }
        });
    server.start();
  }

  private String ask(String chain, byte[] body) throws IOException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(chain))
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofByteArray(body))
            .build();
    try {
      return client.send(request, BodyHandlers.ofString()).body();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException();
    }
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  @Override
  public void close() {
    server.stop(0);
    client.close();
  }
}
