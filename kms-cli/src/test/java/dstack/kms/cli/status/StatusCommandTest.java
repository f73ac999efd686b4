package dstack.kms.cli.status;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dstack.kms.cli.Run;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
final class StatusCommandTest {
  private static final String READY =
      "{\"ready\":true,\"checks\":{\"keys\":{\"ok\":true,\"text\":\"loaded\"}},\"notes\":[]}";
  private static final String NOT_READY =
      "{\"ready\":false,\"checks\":{\"keys\":{\"ok\":true,\"text\":\"loaded\"},"
          + "\"authority\":{\"ok\":false,\"text\":\"no\\nanswer\"}},\"notes\":[\"weakened\"]}";

  private record Reply(int status, String body) {}

  private final AtomicReference<Reply> reply = new AtomicReference<>(new Reply(200, READY));
  private HttpServer server;

  @BeforeEach
  void serve() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/ready",
        exchange -> {
          try (exchange) {
            byte[] body = reply.get().body().getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Location", "/ready");
            exchange.sendResponseHeaders(reply.get().status(), body.length);
            exchange.getResponseBody().write(body);
          }
        });
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  @Test
  void endsWith0WhenTheServerIsReady() {
    Run run = Run.of("status", url());

    assertThat(run.status()).isZero();
    assertThat(run.out()).isEqualTo("ready\n  yes  keys: loaded\n");
  }

  @Test
  void endsWith1AndNamesTheCheckThatDoesNotHold() {
    reply.set(new Reply(503, NOT_READY));

    Run run = Run.of("status", url() + "/");

    assertThat(run.status()).isEqualTo(1);
    assertThat(run.out())
        .isEqualTo(
            "not ready\n  yes  keys: loaded\n  NO   authority: no answer\n  note: weakened\n");
  }

  @Test
  void answersTheWholeJsonOnOneLine() {
    reply.set(new Reply(503, NOT_READY));

    Run run = Run.of("status", "--json", url());

    assertThat(run.status()).isEqualTo(1);
    assertThat(run.out()).isEqualTo(NOT_READY + "\n");
  }

  @Test
  void endsWith3WhenNobodyListens() throws IOException {
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }

    Run run = Run.of("status", "--json", "http://127.0.0.1:" + port);

    assertThat(run.status()).isEqualTo(3);
    assertThat(run.out()).contains("\"code\":\"status-unreachable\"");
  }

  @ParameterizedTest
  @ValueSource(ints = {301, 302, 400, 404, 500})
  void endsWith3OnAStatusThatNoOperationsListenerGives(int status) {
    reply.set(new Reply(status, ""));

    assertThat(Run.of("status", url()).status()).isEqualTo(3);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "OK", "{", "[]", "{}", "{\"ready\":1,\"checks\":{}}", "{\"ready\":true}"})
  void endsWith3OnAnAnswerOfAnotherForm(String body) {
    reply.set(new Reply(200, body));

    Run run = Run.of("status", "--json", url());

    assertThat(run.status()).isEqualTo(3);
    assertThat(run.out()).contains("\"code\":\"status-malformed-answer\"");
  }

  @Test
  void readsNoMoreThan64KiB() {
    reply.set(new Reply(200, READY + " ".repeat(64 << 10)));

    assertThat(Run.of("status", url()).status()).isEqualTo(3);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "x",
        "ftp://h",
        "http://",
        "http://u:p@h",
        "http://h/?q",
        "http://h/#f",
        "http://h h"
      })
  void answersABadAddressWithStatus2(String url) {
    Run run = Run.of("status", url);

    assertThat(run.status()).isEqualTo(2);
    assertThat(run.err()).endsWith("see: kms status --help\n");
  }
}
