package dstack.kms.rpc.admin;

import static org.assertj.core.api.Assertions.assertThat;

import dstack.kms.core.config.AdminConfig;
import dstack.kms.core.config.BodyLimits;
import dstack.kms.core.config.ListenAddress;
import dstack.kms.core.config.TokenDigest;
import dstack.kms.core.refusal.RefusalCode;
import dstack.kms.rpc.http.Curl;
import dstack.kms.rpc.http.HttpReply;
import dstack.kms.rpc.http.HttpServer;
import dstack.kms.rpc.http.Listener;
import dstack.kms.rpc.http.Route;
import dstack.kms.rpc.prpc.PrpcEndpoint;
import dstack.kms.rpc.prpc.RefusalObserver;
import dstack.kms.rpc.prpc.RpcRefusal;
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
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
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
  private final Queue<RefusalCode> refusals = new ConcurrentLinkedQueue<>();
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
                endpoint.route(head).orElseGet(() -> new Route.Immediate(HttpReply.notFound())),
            (_, code) -> refusals.add(code));
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

  /** A browser adds the password that it knows to what any page sends. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "Origin: https://evil.example",
        "Origin: null",
        "Origin: http://127.0.0.1",
        "Origin: http://127.0.0.1:1",
        "Origin: http://PORT.evil.example",
        "Sec-Fetch-Site: cross-site",
        "Sec-Fetch-Site: same-site",
        "Sec-Fetch-Site: Cross-Site"
      })
  void t08_refusesWhatABrowserSendsForAnotherSitesPage(String header) throws IOException {
    Path image = Files.createDirectories(folder.resolve("cache/images/" + "ab".repeat(32)));
    String foreign = header.replace("PORT", "127.0.0.1:" + server.port());
    for (String shown : List.of("X-Admin-Token: " + TOKEN, header("basic alice:U*U"))) {
      String answer =
          Curl.run(
              "-i",
              "-H",
              foreign,
              "-H",
              shown,
              "-H",
              "Content-Type: text/plain",
              "-d",
              "{\"image_hash\":\"all\"}",
              url("/prpc/ClearImageCache?json"));
      assertThat(answer).startsWith("HTTP/1.1 403").contains("pages of another origin");
    }
    assertThat(image).exists();
    assertThat(refusals).containsOnly(RpcRefusal.FOREIGN_ORIGIN).hasSize(2);
  }

  @Test
  void t38_anotherSitesPageCannotLockTheOperatorOut() {
    for (int i = 0; i <= FailureThrottle.ATTEMPTS; i++) {
      assertThat(status("Origin: https://evil.example")).isEqualTo("403");
    }
    assertThat(status("X-Admin-Token: " + TOKEN)).isEqualTo("200");
  }

  @Test
  void answersPagesOfItsOwnOriginAndWhatAPersonTypes() {
    for (String own :
        List.of(
            "Origin: http://127.0.0.1:" + server.port(),
            "Origin: HTTP://127.0.0.1:" + server.port(),
            "Sec-Fetch-Site: same-origin",
            "Sec-Fetch-Site: none")) {
      String[] call = {
        "-i",
        "-H",
        own,
        "-H",
        "X-Admin-Token: " + TOKEN,
        "-d",
        "{}",
        url("/prpc/ClearImageCache?json")
      };
      assertThat(Curl.run(call)).startsWith("HTTP/1.1 200");
    }
    assertThat(refusals).isEmpty();
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
