package dstack.kms.rpc.health;

import static org.assertj.core.api.Assertions.assertThat;

import dstack.kms.rpc.http.Curl;
import dstack.kms.rpc.http.HttpServer;
import dstack.kms.rpc.http.Listener;
import dstack.kms.rpc.metrics.NodeMetrics;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The operations listener of specification 00 §9, with curl as the probe. */
final class OperationsRoutesTest {
  private final Readiness readiness = new Readiness(() -> List.of("a weakened setting"));
  private volatile boolean keys;
  private HttpServer server;

  @BeforeEach
  void start() throws IOException {
    readiness.add(
        new ReadyCheck(
            "keys",
            () ->
                keys
                    ? ReadyCheck.Finding.good("complete")
                    : ReadyCheck.Finding.bad("there are none <yet>")));
    server =
        HttpServer.start(
            Listener.plain(
                "operations",
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                new OperationsRoutes(readiness, new NodeMetrics(), "v0 (git:0)", () -> "empty")));
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void livesInEveryState() {
    assertThat(get("/live")).isEqualTo("OK 200");
  }

  @Test
  void isNotReadyUntilEveryCheckHolds() {
    assertThat(get("/ready"))
        .contains("\"ready\" : false", "there are none <yet>", "a weakened setting")
        .endsWith(" 503");
    keys = true;
    assertThat(get("/ready")).contains("\"ready\" : true").endsWith(" 200");
  }

  @Test
  void aBrokenCheckMakesTheNodeUnreadyAndHidesNothing() {
    keys = true;
    readiness.add(
        new ReadyCheck(
            "broken",
            () -> {
              throw new IllegalStateException("secret detail");
            }));
    assertThat(get("/ready"))
        .contains("\"keys\"", "the check itself failed")
        .doesNotContain("secret detail")
        .endsWith(" 503");
  }

  @Test
  void showsAPageForPeopleWithEverythingEscaped() {
    assertThat(get("/")).contains("there are none &lt;yet&gt;", "state: empty").endsWith(" 200");
  }

  @Test
  void showsMetrics() {
    assertThat(get("/metrics")).startsWith("# HELP dstack_kms_attestation_requests_total");
  }

  @Test
  void hasNothingElse() {
    assertThat(get("/prpc/GetMeta")).endsWith(" 404");
    assertThat(Curl.run("-o", "/dev/null", "-w", "%{http_code}", "-X", "POST", url("/ready")))
        .isEqualTo("404");
  }

  private String get(String path) {
    return Curl.run("-w", " %{http_code}", url(path));
  }

  private String url(String path) {
    return "http://127.0.0.1:" + server.port() + path;
  }
}
