package dstack.kms.attest.snp;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dstack.kms.attest.forged.Certs;
import dstack.kms.core.bytes.Bytes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;

/** AMD's service on the loopback interface, as honest as its script. */
final class ScriptedKds implements AutoCloseable {
  /** What it answers: a status and a body; the status 0 is no answer at all. */
  record Answer(int status, Bytes body) {
    static final Answer NOT_FOUND = new Answer(404, Bytes.EMPTY);
    static final Answer HANG = new Answer(0, Bytes.EMPTY);

    static Answer ok(Bytes body) {
      return new Answer(200, body);
    }
  }

  private final HttpServer server;
  private final ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor();
  private final CountDownLatch closed = new CountDownLatch(1);
  private final ConcurrentLinkedQueue<String> asked = new ConcurrentLinkedQueue<>();
  private final Function<String, Answer> script;

  ScriptedKds(Function<String, Answer> script) {
    this.script = script;
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(workers);
    server.createContext("/", this::answer);
    server.start();
  }

  /** A service that knows the world's chip. */
  static ScriptedKds of(SnpWorld world) {
    Bytes vcek = world.vcek();
    String pem = Certs.pem(world.ask()) + Certs.pem(world.ark());
    return new ScriptedKds(
        path -> Answer.ok(path.endsWith("/cert_chain") ? Bytes.utf8(pem) : vcek));
  }

  URI base() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/vcek/v1/");
  }

  List<String> asked() {
    return List.copyOf(asked);
  }

  private void answer(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().toString();
    asked.add(path);
    Answer answer = script.apply(path);
    if (answer.status() == 0) {
      awaitClose();
      exchange.close();
      return;
    }
    byte[] body = answer.body().toArray();
    exchange.sendResponseHeaders(answer.status(), body.length == 0 ? -1 : body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  private void awaitClose() {
    try {
      closed.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    closed.countDown();
    server.stop(0);
    workers.shutdownNow();
  }
}
