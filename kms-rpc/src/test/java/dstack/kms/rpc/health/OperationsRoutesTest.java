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
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/** The operations listener of specification 00 §9, with curl as the probe. */
final class OperationsRoutesTest {
  private final Readiness readiness = new Readiness(() -> List.of("a weakened setting"));
  private final AtomicReference<NodeFacts> facts =
      new AtomicReference<>(
          new NodeFacts(
              Optional.empty(),
              Optional.empty(),
              new NodeFacts.AuthorityFacts(
                  "webhook",
                  Optional.empty(),
                  Optional.empty(),
                  Optional.empty(),
                  Optional.empty()),
              List.of(),
              Optional.empty(),
              "2026-01-01T00:00:00Z"));
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
                new OperationsRoutes(
                    readiness, new NodeMetrics(), "v0 (git:0)", () -> "empty", facts::get)));
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
  void saysNothingAboutKeysThatAreNotThere() {
    assertThat(JsonMapper.shared().readTree(Curl.run(url("/status"))))
        .isEqualTo(
            JsonMapper.shared()
                .readTree(
                    """
                    {"version":"v0 (git:0)","state":"empty","ready":false,
                     "authority":{"kind":"webhook"},"collateral":[],
                     "clock":"2026-01-01T00:00:00Z"}
                    """));
  }

  @Test
  void saysEverythingThatNodesAreComparedBy() {
    keys = true;
    NodeFacts.CertificateFacts certificate =
        new NodeFacts.CertificateFacts("5a", "2027-01-01T00:00:00Z");
    facts.set(
        new NodeFacts(
            Optional.of(new NodeFacts.Identity("02ab", "cd", "30ef", 7)),
            Optional.of(new NodeFacts.Certificates(certificate, certificate, certificate)),
            new NodeFacts.AuthorityFacts(
                "webhook",
                Optional.of(84532L),
                Optional.of("0xfa"),
                Optional.of("any"),
                Optional.of(new NodeFacts.Block(9, "be"))),
            List.of(new NodeFacts.CollateralFacts("00906ed50000", "a", "b", 5)),
            Optional.of(new NodeFacts.AuditFacts(3, "aa")),
            "2026-01-01T00:00:00Z"));

    assertThat(JsonMapper.shared().readTree(Curl.run(url("/status"))))
        .isEqualTo(
            JsonMapper.shared()
                .readTree(
                    """
                    {"version":"v0 (git:0)","state":"empty","ready":true,
                     "identity":{"k256_pubkey":"02ab","ca_spki_sha256":"cd",
                       "key_provider_id":"30ef","epoch":7},
                     "certificates":{
                       "root_ca":{"sha256":"5a","not_after":"2027-01-01T00:00:00Z"},
                       "temp_ca":{"sha256":"5a","not_after":"2027-01-01T00:00:00Z"},
                       "rpc":{"sha256":"5a","not_after":"2027-01-01T00:00:00Z"}},
                     "authority":{"kind":"webhook","chain_id":84532,"contract":"0xfa",
                       "gateway_app_id":"any","block":{"number":9,"hash":"be"}},
                     "collateral":[{"fmspc":"00906ed50000","issued":"a","valid_until":"b",
                       "age_seconds":5}],
                     "audit":{"sequence":3,"hash":"aa"},"clock":"2026-01-01T00:00:00Z"}
                    """));
  }

  @Test
  void showsNotesOnThePageWhichRefreshesItselfWithoutAScript() {
    assertThat(get("/"))
        .contains(
            "<li>a weakened setting</li>", "http-equiv=\"refresh\"", "color-scheme: light dark")
        .doesNotContain("<script", "://");
    assertThat(Curl.run("-I", url("/")))
        .containsIgnoringCase("content-security-policy: default-src 'none'")
        .contains("frame-ancestors 'none'");
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
    assertThat(Curl.run("-o", "/dev/null", "-w", "%{http_code}", "-d", "{}", url("/status")))
        .isEqualTo("404");
  }

  private String get(String path) {
    return Curl.run("-w", " %{http_code}", url(path));
  }

  private String url(String path) {
    return "http://127.0.0.1:" + server.port() + path;
  }
}
