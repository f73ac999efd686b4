package dstack.kms.acceptance.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dstack.kms.acceptance.Background;
import dstack.kms.acceptance.Host;
import dstack.kms.acceptance.Program;
import dstack.kms.acceptance.Webhook;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A node at the end of a cable: what is lost on it is refused in bounded time, then all is well.
 */
@Tag("faults")
@Timeout(600)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class NetworkFaultsTest {
  /** The authority's 10 s, the rest of the request, and a busy machine. */
  private static final Duration BOUND = Duration.ofSeconds(40);

  private Host host;
  private Cable cable;
  private Webhook webhook;
  private Wire authority;
  private Wire collateral;
  private Background program;
  private Client client;

  @BeforeAll
  void setUp(@TempDir Path shared) {
    host = new Host(shared);
    client = new Client(host);
    cable = new Cable();
    webhook = new Webhook();
    authority = new Wire(Cable.here(), URI.create(webhook.url()).getPort());
    String pccs = host.environment().get("KMS_CORE_ATTESTATION_URLS_PCCS");
    collateral = new Wire(Cable.here(), URI.create(pccs).getPort());
    Map<String, String> settings = new HashMap<>();
    settings.put("KMS_RPC_ADDRESS", "0.0.0.0");
    settings.put("KMS_CORE_ONBOARD_AUTO_BOOTSTRAP_DOMAIN", "localhost");
    settings.put("KMS_CORE_AUTH_API_TYPE", "webhook");
    settings.put("KMS_CORE_AUTH_API_WEBHOOK_URL", url(authority));
    if (!Scope.isEverything()) { // each lost answer is waited for: 10 s unless it is set
      settings.put("KMS_CORE_AUTH_API_WEBHOOK_TOTAL_TIMEOUT", "4s");
    }
    settings.put("KMS_CORE_ATTESTATION_URLS_PCCS", url(collateral));
    program = new Node(host, shared.resolve("certs")).start(cable.sandbox().starter(), settings);
    program.await(Node.READY);
    assertThat(near()).contains("\"k256_key\"");
  }

  @AfterAll
  void stop() {
    program.close();
    cable.close();
    authority.close();
    collateral.close();
    webhook.close();
    host.close();
  }

  @Test
  void refusesInTimeWhileTheCableIsOutAndServesWhenItIsBack() {
    cable.pull();
    refuses("cable out");
    assertThat(ready()).contains("503").contains("authority");
    cable.plug();
    heals("network, cable out between node and authority");
  }

  @Test
  void refusesInTimeWhenTheAuthoritysAnswersAreLost() {
    authority.lose(Wire.Loss.ANSWERS);
    int asked = webhook.requests.size();
    refuses("answers lost");
    assertThat(webhook.requests.size()).isGreaterThan(asked);
    authority.lose(Wire.Loss.NOTHING);
    heals("network, answers of the authority lost");
  }

  @Test
  void refusesInTimeWhenTheQuestionsToTheAuthorityAreLost() {
    authority.lose(Wire.Loss.QUESTIONS);
    refuses("questions lost");
    authority.lose(Wire.Loss.NOTHING);
    heals("network, questions to the authority lost");
  }

  @Test
  void refusesInTimeWhenThePacketsFromTheAuthorityAreLost() {
    cable.drop("input", "tcp sport " + authority.port());
    refuses("packets from the authority lost");
    cable.heal();
    heals("network, packets from the authority lost");
  }

  @Test
  void refusesInTimeWhenThePacketsToTheAuthorityAreLost() {
    cable.drop("output", "tcp dport " + authority.port());
    refuses("packets to the authority lost");
    cable.heal();
    heals("network, packets to the authority lost");
  }

  @Test
  void aClientWhoseCableIsPulledIsServedAfterwards() {
    String url = "https://" + Cable.THERE + ":" + host.port;
    assertThat(client.ask(List.of(), url, 60).success()).contains("\"k256_key\"");
    cable.drop("output", "tcp sport " + host.port);
    assertThat(client.ask(List.of(), url, 3).status()).isEqualTo(28);
    cable.heal();
    assertThat(client.ask(List.of(), url, 60).success()).contains("\"k256_key\"");
    FaultTable.enter("network, the node's packets to a client lost", "1 timed out, then served");
  }

  private void refuses(String what) {
    long started = System.nanoTime();
    assertThat(near()).as(what).contains("\"error\"").doesNotContain("k256_key");
    assertThat(Duration.ofNanos(System.nanoTime() - started)).isLessThan(BOUND);
  }

  private void heals(String what) {
    assertThat(near()).as("after " + what).contains("\"k256_key\"");
    assertThat(program.output()).doesNotContain("\tat ");
    FaultTable.enter(what, "1 refused in time, then served without a restart");
  }

  /** The answer to a client beside the node, which the cable does not matter to. */
  private String near() {
    String url = "https://127.0.0.1:" + host.port;
    return client.ask(cable.sandbox().starter(), url, 60).success();
  }

  private String ready() {
    String url = "http://127.0.0.1:" + host.operationsPort + "/ready";
    Program answer = cable.sandbox().run("curl", "-s", "-w", "\n%{http_code}", url);
    return answer.out();
  }

  private static String url(Wire wire) {
    return "http://" + Cable.HERE + ":" + wire.port();
  }
}
