package dstack.kms.acceptance.container;

import static dstack.kms.acceptance.container.GuideNode.jq;
import static org.assertj.core.api.Assertions.assertThat;

import dstack.kms.acceptance.Host;
import dstack.kms.acceptance.Program;
import dstack.kms.acceptance.Webhook;
import dstack.kms.testkit.Tool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Section 10 of the published guide, in its order, between containers on two machines of one
 * manufacturer; and what must not replicate. What is refused is tried first, on the very node that
 * replicates in the end.
 */
@Timeout(300)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class ReplicationTest {
  private final Registry registry = new Registry();
  private final Webhook webhook = new Webhook();
  private Path folder;
  private Host first;
  private Host second;
  private GuideNode source;
  private GuideNode fresh;

  @BeforeAll
  void startBoth(@TempDir Path given) throws IOException {
    folder = given;
    webhook.decide(registry);
    Image plain = Image.of("plain");
    first = new Host(Files.createDirectory(folder.resolve("first")));
    second = first.another(Files.createDirectory(folder.resolve("second")), 1);
    source = GuideNode.serve(plain, first, webhook);
    fresh = GuideNode.serve(plain, second, webhook);
    registry.register(source);
    assertThat(jq(source.bootstrap(), "keys_unsorted[0]")).isEqualTo("ca_pubkey");
    source.finish();
  }

  @AfterAll
  void stop() {
    fresh.close();
    source.close();
    second.close();
    first.close();
    webhook.close();
  }

  private void refuses(GuideNode node, String url, String reason) {
    assertThat(jq(node.onboard(url), ".error")).contains(reason);
    assertThat(node.volume().resolve("certs/root-k256.key")).doesNotExist();
  }

  @Test
  @Order(1)
  void aMachineIsItsDeviceAndNeverTheDummyOfTheSerialLog() {
    assertThat(fresh.shown(".device_id"))
        .isNotEqualTo(source(".deviceId"))
        .doesNotStartWith("e3b0c442");
    assertThat(fresh.shown(".mr_aggregated")).isEqualTo(source(".mrAggregated"));
  }

  @Test
  @Order(2)
  void t20_aNodeThatIsNotRegisteredGetsNoKeys() {
    refuses(fresh, source.url(), "KMS is not allowed on this device");
  }

  @Test
  @Order(3)
  void aSourceUnderOtherRootsIsRefusedAndAsksForNothing() throws IOException {
    try (Host foreign = new Host(Files.createDirectory(folder.resolve("foreign")));
        GuideNode stranger = GuideNode.serve(Image.of("plain"), foreign, webhook)) {
      registry.register(stranger);
      stranger.bootstrap();
      stranger.finish();
      assertThat(stranger.meta(".k256_pubkey")).hasSize(66);
      registry.register(fresh);
      refuses(fresh, stranger.url(), "Failed to verify certificate chain");
      assertThat(stranger.metrics()).contains("\ndstack_kms_attestation_requests_total 0\n");
    }
  }

  @Test
  @Order(4)
  void anAddressThatLeadsBackToTheNodeItselfIsNamedAsThat() {
    refuses(fresh, fresh.url(), "still points at this very node (stale DNS)");
  }

  @Test
  @Order(5)
  void theNewNodeHasTheIdentityOfItsSourceOnceItIsRegistered() {
    registry.register(fresh);

    assertThat(jq(fresh.onboard(source.url()), ".k256_pubkey"))
        .isEqualTo(source.meta(".k256_pubkey"));
    fresh.finish();

    assertThat(fresh.meta(".k256_pubkey"))
        .matches("0[23][0-9a-f]{64}")
        .isEqualTo(source.meta(".k256_pubkey"));
    assertThat(authorityKey(fresh))
        .startsWith("-----BEGIN PUBLIC KEY")
        .isEqualTo(authorityKey(source));
    assertThat(fresh.meta(".bootstrap_info")).isEqualTo("null");
    assertThat(source.meta(".bootstrap_info.k256_pubkey")).isEqualTo(source.meta(".k256_pubkey"));
    fresh.stop();
  }

  /** The source's own values, from what its authority was asked last. */
  private String source(String filter) {
    String asked = webhook.requests.getFirst();
    return jq(asked.substring(asked.indexOf('{')), filter).replaceFirst("^0x", "");
  }

  private static String authorityKey(GuideNode node) {
    return Program.run(
            List.of(Tool.require("openssl").toString(), "x509", "-noout", "-pubkey"),
            Map.of(),
            node.meta(".ca_cert"))
        .success();
  }
}
