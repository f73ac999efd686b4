package dstack.kms.onboard.node;

import static org.assertj.core.api.Assertions.assertThat;

import dstack.kms.core.config.ConfigRefusal;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.onboard.testing.ClientCertificate;
import dstack.kms.onboard.testing.Curl;
import dstack.kms.onboard.testing.TestNode;
import dstack.kms.sim.fault.ContainerFault;
import dstack.kms.sim.fault.QuoteFault;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * T-06: whatever the configuration says, keys go to verified evidence only. Every combination of
 * the switches that weaken anything is tried on a real node with real connections.
 */
@Timeout(600)
class KeyReleaseTest {
  private static final String ANCHORS = "core.attestation.insecure_allow_external_trust_anchors";

  /** Each switch with its values, the safe one first. */
  private static final List<Map.Entry<String, List<String>>> SWITCHES =
      List.of(
          Map.entry("core.auth_api.type", List.of("webhook", "dev")),
          Map.entry("core.enforce_self_authorization", List.of("true", "false")),
          Map.entry("core.attest_rpc_cert", List.of("true", "false")),
          Map.entry("core.image.verify", List.of("true", "false")),
          Map.entry(ANCHORS, List.of("false", "true")));

  private static final List<String> RELEASING =
      List.of("GetAppKey", "GetAppKeySealed", "GetKmsKey", "SignCert");

  @TempDir static Path folder;
  private static TestNode bench;
  private static List<Optional<ClientCertificate>> impostors;
  private static ClientCertificate honest;

  @BeforeAll
  static void bootstrap() throws IOException {
    bench = TestNode.in(folder);
    bench.start(Map.of("core.onboard.auto_bootstrap_domain", "127.0.0.1")).close();
    honest = ClientCertificate.attested(folder, bench.machine().guest());
    impostors =
        List.of(
            Optional.empty(),
            Optional.of(ClientCertificate.withoutEvidence(folder)),
            Optional.of(ClientCertificate.withBorrowedEvidence(folder, bench.machine().guest())),
            Optional.of(
                ClientCertificate.attested(
                    folder, bench.machine().guest(ContainerFault.ALTERED_APP_ID))),
            Optional.of(
                ClientCertificate.attested(
                    folder, bench.machine().guest(QuoteFault.RTMR3_PATCHED_AFTER_SIGNING))));
  }

  @AfterAll
  static void close() throws IOException {
    bench.close();
  }

  @Test
  void t06_noProductionConfigurationReleasesKeysWithoutAVerifiedQuote() {
    int started = 0;
    for (Map<String, String> flags : combinations()) {
      Optional<NodeRunner> node = start(flags, false);
      if (node.isPresent()) {
        started++;
        try (NodeRunner running = node.get()) {
          assertThat(running.state()).isInstanceOf(NodeState.Ready.class);
          impostors.forEach(KeyReleaseTest::assertNothingIsReleased);
          // Simulated evidence is no evidence where only the vendor's root counts.
          assertNothingIsReleased(Optional.of(honest));
        }
      }
    }
    assertThat(started).isOne();
  }

  @Test
  void t06_notEvenDevelopmentReleasesKeysWithoutAVerifiedQuote() {
    int released = 0;
    for (Map<String, String> flags : combinations()) {
      try (NodeRunner running = start(flags, true).orElseThrow()) {
        assertThat(running.state()).isInstanceOf(NodeState.Ready.class);
        impostors.forEach(KeyReleaseTest::assertNothingIsReleased);
        boolean trusted = "true".equals(flags.get(ANCHORS));
        boolean imagesBelieved = "false".equals(flags.get("core.image.verify"));
        Curl.Reply reply = call("GetAppKey", Optional.of(honest));
        assertThat(reply.status())
            .as(reply.body())
            .isEqualTo(trusted && imagesBelieved ? 200 : 400);
        released += reply.status() == 200 ? 1 : 0;
      }
    }
    assertThat(released).isEqualTo(8);
  }

  private static Optional<NodeRunner> start(Map<String, String> flags, boolean development) {
    Map<String, String> all = new HashMap<>(flags);
    all.put("core.insecure_development", Boolean.toString(development));
    Set<String> without =
        "false".equals(flags.get(ANCHORS)) ? Set.of("core.attestation.root_ca.tdx") : Set.of();
    try {
      return Optional.of(bench.startWithout(without, all));
    } catch (RefusalException e) {
      assertThat(e.code()).isEqualTo(ConfigRefusal.WEAKENING);
      assertThat(development).isFalse();
      return Optional.empty();
    }
  }

  private static void assertNothingIsReleased(Optional<ClientCertificate> client) {
    for (String method : RELEASING) {
      Curl.Reply reply = call(method, client);
      assertThat(reply.status()).as(method + ": " + reply.body()).isEqualTo(400);
      assertThat(reply.body())
          .startsWith("{\n  \"error\": ")
          .doesNotContain("_key\"", "certificate_chain", "PRIVATE KEY");
    }
  }

  private static Curl.Reply call(String method, Optional<ClientCertificate> client) {
    List<String> arguments = new ArrayList<>(List.of("-k", "-d", "{}"));
    client.ifPresent(
        files ->
            arguments.addAll(
                List.of(
                    "--cert", files.certificate().toString(), "--key", files.key().toString())));
    arguments.add(bench.https("/prpc/" + method + "?json"));
    return Curl.run(arguments.toArray(String[]::new));
  }

  private static List<Map<String, String>> combinations() {
    List<Map<String, String>> all = List.of(Map.of());
    for (Map.Entry<String, List<String>> each : SWITCHES) {
      List<Map<String, String>> more = new ArrayList<>();
      for (Map<String, String> some : all) {
        for (String value : each.getValue()) {
          Map<String, String> with = new HashMap<>(some);
          with.put(each.getKey(), value);
          more.add(with);
        }
      }
      all = more;
    }
    return all;
  }
}
