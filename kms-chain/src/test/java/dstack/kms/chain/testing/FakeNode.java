package dstack.kms.chain.testing;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dstack.kms.chain.rpc.ChainEndpoint;
import dstack.kms.core.config.RpcUrl;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;

/**
 * An endpoint on loopback that answers as a test wants, or as a real chain behind it does, and
 * remembers every request body. It keeps connections alive as real ones do.
 */
public final class FakeNode implements AutoCloseable {
  /** What is done with a request body. */
  @FunctionalInterface
  public interface Script {
    /** The reply to that request. */
    Reply answer(String request) throws IOException;
  }

  /** What is written on the wire. */
  @FunctionalInterface
  public interface Reply {
    /** Writes it; the exchange is closed afterwards. */
    void write(HttpExchange exchange) throws IOException;

    /** Status 200 and that text. */
    static Reply of(String body) {
      return of(200, body);
    }

    /** That status and that text. */
    static Reply of(int status, String body) {
      return bytes(status, body.getBytes(StandardCharsets.UTF_8));
    }

    /** That status and those bytes. */
    static Reply bytes(int status, byte[] body) {
      return exchange -> {
        exchange.getResponseHeaders().add("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
      };
    }

    /** Status 200 and this text again and again without an end. */
    static Reply endless(String text) {
      byte[] chunk = text.repeat(1024).getBytes(StandardCharsets.UTF_8);
      return exchange -> {
        exchange.sendResponseHeaders(200, 0);
        OutputStream body = exchange.getResponseBody();
        while (true) {
          body.write(chunk);
        }
      };
    }

    /** A redirect to that place. */
    static Reply redirect(String location) {
      return exchange -> {
        exchange.getResponseHeaders().add("Location", location);
        exchange.sendResponseHeaders(307, -1);
      };
    }
  }

  private final HttpServer server;
  private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
  private final AtomicReference<Script> script;
  private final List<String> requests = new CopyOnWriteArrayList<>();
  private final CountDownLatch over = new CountDownLatch(1);

  /** A node that follows the script. */
  public FakeNode(Script script) {
    this.script = new AtomicReference<>(script);
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(executor);
    server.createContext("/", this::serve);
    server.start();
  }

  /** A node that answers every request with that text. */
  public static FakeNode answering(String body) {
    return new FakeNode(_ -> Reply.of(body));
  }

  /** A node that passes everything on to the chain behind it, unchanged. */
  public static FakeNode before(URI chain) {
    return new FakeNode(passingOnTo(chain));
  }

  /** Passes requests on to the chain behind. */
  public static Script passingOnTo(URI chain) {
    return request -> Reply.of(ask(chain, request));
  }

  /** What the chain answers to that body. */
  @SuppressWarnings("resource") // a client for one exchange, gone with it
  public static String ask(URI chain, String body) throws IOException {
    HttpRequest request =
        HttpRequest.newBuilder(chain)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client.send(request, HttpResponse.BodyHandlers.ofString()).body();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }

  /** From now on it follows this script. */
  public void follow(Script other) {
    script.set(other);
  }

  /** A reply that does not come until the node is closed. */
  public Reply hanging() {
    return _ -> waitForTheEnd();
  }

  /** A reply that stops after that text until the node is closed. */
  public Reply hangingAfter(String start) {
    return exchange -> {
      exchange.sendResponseHeaders(200, 0);
      exchange.getResponseBody().write(start.getBytes(StandardCharsets.UTF_8));
      exchange.getResponseBody().flush();
      waitForTheEnd();
    };
  }

  private void waitForTheEnd() {
    try {
      over.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void serve(HttpExchange exchange) throws IOException {
    try (exchange) {
      String request = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
      requests.add(request);
      script.get().answer(request).write(exchange);
    }
  }

  /** The bodies of all requests so far. */
  public List<String> requests() {
    return requests;
  }

  /** Where it answers. */
  public URI url() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  /** The same as an endpoint. */
  public ChainEndpoint endpoint() {
    return ChainEndpoint.of(RpcUrl.of(url().toString()));
  }

  @Override
  public void close() {
    over.countDown();
    server.stop(0);
    executor.shutdownNow();
  }
}
