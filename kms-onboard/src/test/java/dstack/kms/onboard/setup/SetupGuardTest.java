package dstack.kms.onboard.setup;

import static org.assertj.core.api.Assertions.assertThat;

import dstack.kms.core.config.ConfigSources;
import dstack.kms.core.config.KmsConfig;
import dstack.kms.onboard.testing.Curl;
import dstack.kms.rpc.http.HttpServer;
import dstack.kms.rpc.metrics.NodeMetrics;
import dstack.kms.rpc.throttle.FailureThrottle;
import dstack.kms.testkit.LogCapture;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may change anything on the set-up listener. */
final class SetupGuardTest {
  private static final String DOMAIN = "{\"domain\":\"kms.example.com\"}";

  private final AtomicReference<Instant> now =
      new AtomicReference<>(Instant.parse("2026-06-01T00:00:00Z"));
  private final NodeMetrics metrics = new NodeMetrics();
  private final RecordingNode node = new RecordingNode();
  private HttpServer server = start(Map.of());

  @AfterEach
  void stop() {
    server.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"evil.example", "evil.example:8000", "kms.example.com.evil.example"})
  void t08_refusesABrowserUnderAReboundName(String host) {
    Curl.Reply reply = bootstrap("-H", "Host: " + host, "-H", "Origin: http://" + host);

    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.body()).contains("neither an address nor localhost nor the domain");
    assertThat(node.bootstraps).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Sec-Fetch-Site: same-origin",
        "Referer: http://evil.example/",
        "User-Agent: Mozilla/5.0"
      })
  void t08_knowsABrowserByAnyOfItsHeaders(String header) {
    node.complete = true;

    assertThat(bootstrap("-H", "Host: evil.example", "-H", header).status()).isEqualTo(400);
    Curl.Reply finish = Curl.run("-H", "Host: evil.example", "-H", header, url("/finish"));
    assertThat(finish.status()).isEqualTo(400);
    assertThat(node.bootstraps).isEmpty();
    assertThat(node.finished).hasValue(0);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "localhost:9",
        "192.0.2.7",
        "192.0.2.7:8000",
        "[2001:db8::1]:8000",
        "KMS.example.com"
      })
  void acceptsABrowserUnderAnAddressAndUnderTheDomainAskedFor(String host) {
    assertThat(bootstrap("-H", "Host: " + host, "-H", "Origin: http://" + host).status())
        .isEqualTo(200);
  }

  @Test
  void finishesUnderTheDomainThatWasSetUpAndUnderNoOther() {
    String name = "kms.example.com";
    bootstrap("-H", "Host: " + name, "-H", "Origin: http://" + name);
    node.complete = true;

    assertThat(finishUnder("other.example.com").status()).isEqualTo(400);
    assertThat(node.finished).hasValue(0);
    assertThat(finishUnder(name).body()).isEqualTo("OK");
  }

  @Test
  void asksNothingOfTheHostThatCurlSends() {
    assertThat(bootstrap("-H", "Host: any.example").status()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(strings = {"evil.example", "kms.example.com.", "1.2.3.4.example", "[::1].example"})
  void servesNothingUnderANameThatIsNotListed(String host) {
    restart(Map.of("core.onboard.hosts", "kms.example.com"));

    for (String path :
        List.of("/", "/setup/status", "/prpc/Onboard.GetAttestationInfo?json", "/finish")) {
      Curl.Reply reply = Curl.run("-H", "Host: " + host, url(path));
      assertThat(reply.status()).isEqualTo(421);
      assertThat(reply.body()).contains("core.onboard.hosts");
    }
    assertThat(metrics.text()).contains("code=\"setup-foreign-host\"");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"Kms.Example.com", "kms.example.com:12001", "127.0.0.1", "[::1]:80", "localhost"})
  void servesUnderTheListedNamesAndUnderAddresses(String host) {
    restart(Map.of("core.onboard.hosts", "kms.example.com"));

    assertThat(Curl.run("-H", "Host: " + host, url("/")).status()).isEqualTo(200);
  }

  @Test
  void t38_locksAnAddressOutAfterTenWrongTokensForAMinute() {
    restart(Map.of("core.onboard.token", "right token"));
    for (int i = 0; i < FailureThrottle.ATTEMPTS; i++) {
      assertThat(bootstrap("-H", "X-Onboard-Token: wrong" + i).body()).contains("needs the set-up");
    }

    assertThat(bootstrap("-H", "X-Onboard-Token: right token").body()).contains("too many wrong");
    assertThat(metrics.text())
        .contains("code=\"setup-token\"} 10", "code=\"setup-token-throttled\"} 1");
    now.updateAndGet(instant -> instant.plus(FailureThrottle.WINDOW).plusSeconds(1));
    assertThat(bootstrap("-H", "X-Onboard-Token: right token").status()).isEqualTo(200);
  }

  @Test
  void t38_aCallWithoutATokenIsNoGuess() {
    restart(Map.of("core.onboard.token", "right token"));
    for (int i = 0; i <= FailureThrottle.ATTEMPTS; i++) {
      assertThat(bootstrap().body()).contains("needs the set-up token");
    }

    assertThat(bootstrap("-H", "X-Onboard-Token: right token").status()).isEqualTo(200);
  }

  @Test
  void t08_printsATokenOf128BitsOnceAndTakesNoOther() {
    List<String> printed;
    try (LogCapture log = new LogCapture()) {
      restart(Map.of("core.onboard.generate_token", "true"));
      Pattern line = Pattern.compile("set-up token for this start: ([0-9a-f]{32})$");
      printed =
          log.lines().stream()
              .flatMap(text -> line.matcher(text).results())
              .map(found -> found.group(1))
              .toList();
    }
    assertThat(printed).hasSize(1);
    String token = printed.getFirst();
    assertThat(bootstrap().status()).isEqualTo(400);
    assertThat(bootstrap("-H", "X-Onboard-Token: " + "0".repeat(32)).status()).isEqualTo(400);
    assertThat(bootstrap("-H", "X-Onboard-Token: " + token).status()).isEqualTo(200);
    assertThat(Curl.run(url("/setup/status")).body())
        .contains("\"token_needed\":true")
        .doesNotContain(token);
  }

  private Curl.Reply finishUnder(String name) {
    return Curl.run("-H", "Host: " + name, "-H", "Origin: http://" + name, url("/finish"));
  }

  private Curl.Reply bootstrap(String... arguments) {
    List<String> all = new java.util.ArrayList<>(List.of(arguments));
    if (!all.contains("-d")) {
      all.addAll(List.of("-d", DOMAIN));
    }
    all.add(url("/prpc/Onboard.Bootstrap?json"));
    return Curl.run(all.toArray(String[]::new));
  }

  private String url(String path) {
    return "http://127.0.0.1:" + server.port() + path;
  }

  private void restart(Map<String, String> flags) {
    server.close();
    server = start(flags);
  }

  private HttpServer start(Map<String, String> more) {
    Map<String, String> flags = new HashMap<>(more);
    flags.put("core.onboard.address", "127.0.0.1");
    flags.put("core.onboard.port", "0");
    Surroundings around = new Surroundings("", "v9", 8000, now::get, new SecureRandom());
    try {
      return new SetupListener(node, metrics, around)
          .start(KmsConfig.load(ConfigSources.none().withFlags(flags)).onboard());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
