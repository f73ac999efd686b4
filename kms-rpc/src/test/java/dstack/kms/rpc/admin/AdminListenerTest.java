package dstack.kms.rpc.admin;

import static org.assertj.core.api.Assertions.assertThat;

import dstack.kms.core.config.AdminConfig;
import dstack.kms.core.config.BodyLimits;
import dstack.kms.core.config.ListenAddress;
import dstack.kms.core.config.TokenDigest;
import dstack.kms.rpc.http.Curl;
import dstack.kms.rpc.http.HttpReply;
import dstack.kms.rpc.http.HttpServer;
import dstack.kms.rpc.http.Listener;
import dstack.kms.rpc.http.Route;
import dstack.kms.rpc.prpc.PrpcEndpoint;
import dstack.kms.rpc.prpc.RefusalObserver;
import dstack.kms.rpc.throttle.FailureThrottle;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Specification 01 §7 over a real socket, with curl as the operator's client. */
final class AdminListenerTest {
  private static final String TOKEN = "correct horse battery staple";

  /** The bcrypt test vector of the OpenBSD implementation: password {@code U*U}, cost 5. */
  private static final String ALICE =
      "alice:$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW";

  private final AtomicReference<Instant> now = new AtomicReference<>(Instant.EPOCH.plusSeconds(1));
  @TempDir private Path folder;
  private HttpServer server;

  @BeforeEach
  void start() throws IOException {
    Path htpasswd = Files.writeString(folder.resolve("htpasswd"), "# users\n\n" + ALICE + "\n");
    AdminConfig config =
        new AdminConfig(
            true,
            new ListenAddress(InetAddress.getLoopbackAddress(), 0),
            Optional.of(TokenDigest.ofToken(TOKEN)),
            Optional.of(htpasswd),
            false,
            new BodyLimits(Map.of()));
    PrpcEndpoint endpoint =
        new PrpcEndpoint(
            new AdminService(new ImageCache(folder.resolve("cache")), List.of()).service(),
            new BodyLimits(Map.of())::of,
            RefusalObserver.NONE);
    AdminRoutes routes =
        new AdminRoutes(
            config,
            now::get,
            (head, connection) ->
                endpoint.route(head).orElseGet(() -> new Route.Immediate(HttpReply.notFound())));
    server =
        HttpServer.start(
            Listener.plain(
                "admin", new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), routes));
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "X-Admin-Token: correct horse battery staple",
        "Authorization: Bearer correct horse battery staple",
        "Authorization: Bearer   correct horse battery staple",
        "basic anyone:correct horse battery staple",
        "basic correct horse battery staple:",
        "basic correct horse battery staple",
        "basic alice:U*U",
      })
  void acceptsEveryPublishedWayToShowTheToken(String header) {
    assertThat(status(header(header))).isEqualTo("200");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "X-Nothing: here",
        "X-Admin-Token: Correct horse battery staple",
        "Authorization: bearer correct horse battery staple",
        "Authorization: Bearer",
        "Authorization: Token correct horse battery staple",
        "Authorization: Basic not-base64!",
        "Authorization: Basic YWxpY2U6c2VjcmV0Cg",
        "basic alice:u*u",
        "basic alice:",
        "basic bob:U*U",
        "basic :U*U",
      })
  void t38_rejectsEverythingElseWithoutSayingWhy(String header) {
    String answer =
        Curl.run("-i", "-X", "POST", "-H", header(header), url("/prpc/ClearImageCache?json"));
    assertThat(answer)
        .startsWith("HTTP/1.1 401")
        .containsIgnoringCase("WWW-Authenticate: Basic realm=\"dstack-kms admin\"")
        .endsWith("\r\n\r\n");
  }

  @Test
  void t38_takesNoTokenFromTheUrl() {
    assertThat(
            status("X: y", "/prpc/ClearImageCache?json&token=correct%20horse%20battery%20staple"))
        .isEqualTo("401");
  }

  @Test
  void t37_rejectsBeforeItSaysWhichPathsThereAre() {
    assertThat(status("X: y", "/no/such/path")).isEqualTo("401");
    assertThat(status("X-Admin-Token: " + TOKEN, "/no/such/path")).isEqualTo("404");
    assertThat(status(header("basic alice:wrong"), "/no/such/path")).isEqualTo("401");
    assertThat(status(header("basic alice:U*U"), "/no/such/path")).isEqualTo("404");
  }

  @Test
  void t38_locksAnAddressOutAfterTenFailuresAndLetsItInAfterAMinute() {
    for (int i = 0; i < FailureThrottle.ATTEMPTS; i++) {
      assertThat(status("X-Admin-Token: guess " + i)).isEqualTo("401");
    }
    assertThat(status("X-Admin-Token: " + TOKEN)).isEqualTo("429");
    now.set(now.get().plus(FailureThrottle.WINDOW).plus(Duration.ofSeconds(1)));
    assertThat(status("X-Admin-Token: " + TOKEN)).isEqualTo("200");
  }

  private static String header(String text) {
    if (!text.startsWith("basic ")) {
      return text;
    }
    byte[] credentials = text.substring(6).getBytes(java.nio.charset.StandardCharsets.UTF_8);
    return "Authorization: Basic " + Base64.getEncoder().encodeToString(credentials);
  }

  private String status(String header) {
    return status(header, "/prpc/Admin.ClearImageCache?json");
  }

  private String status(String header, String path) {
    return Curl.run(
        "-o", "/dev/null", "-w", "%{http_code}", "-X", "POST", "-H", header, "-d", "{}", url(path));
  }

  private String url(String path) {
    return "http://127.0.0.1:" + server.port() + path;
  }
}
