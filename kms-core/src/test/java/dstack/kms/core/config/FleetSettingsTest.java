package dstack.kms.core.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dstack.kms.core.refusal.RefusalException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class FleetSettingsTest {
  private static final String PEER = "https://kms-0.example.org:12001";

  private static KmsConfig load(String... pairs) {
    Map<String, String> flags = new HashMap<>();
    for (int i = 0; i < pairs.length; i += 2) {
      flags.put(pairs[i], pairs[i + 1]);
    }
    return KmsConfig.load(ConfigSources.none().withFlags(flags));
  }

  @Test
  void takesPeersWithADomain() {
    KmsConfig config =
        load("core.onboard.peers", PEER + ",https://10.0.0.2", "core.onboard.domain", "a.b");

    assertThat(config.onboard().peers())
        .extracting(EndpointUrl::display)
        .containsExactly(PEER, "https://10.0.0.2");
  }

  @Test
  void refusesPeersOfANodeThatMakesKeysByItself() {
    assertThatThrownBy(
            () ->
                load(
                    "core.onboard.peers",
                    PEER,
                    "core.onboard.domain",
                    "a.b",
                    "core.onboard.auto_bootstrap_domain",
                    "a.b"))
        .isInstanceOf(RefusalException.class)
        .hasMessageContaining("would split the fleet");
  }

  @Test
  void refusesPeersWithoutADomain() {
    assertThatThrownBy(() -> load("core.onboard.peers", PEER))
        .isInstanceOf(RefusalException.class)
        .hasMessageContaining("core.onboard.peers needs core.onboard.domain");
  }

  @ParameterizedTest
  @CsvSource({"http://kms-0.example.org", "kms-0.example.org:12001", "ftp://a.b", "https://"})
  void refusesPeersThatAreNoHttpsUrls(String url) {
    assertThatThrownBy(() -> load("core.onboard.peers", url, "core.onboard.domain", "a.b"))
        .isInstanceOf(RefusalException.class)
        .hasMessageContaining("core.onboard.peers");
  }

  @ParameterizedTest
  @CsvSource({"02", "zz", "0202"})
  void refusesAnIdentityOfAnotherLength(String hex) {
    assertThatThrownBy(() -> load("core.onboard.identity", hex))
        .isInstanceOf(RefusalException.class)
        .hasMessageContaining("core.onboard.identity");
  }

  @Test
  void refusesATokenThatIsBothGivenAndMade() {
    assertThatThrownBy(() -> load("core.onboard.token", "t", "core.onboard.generate_token", "true"))
        .isInstanceOf(RefusalException.class)
        .hasMessageContaining("are both set");
  }

  @ParameterizedTest
  @CsvSource({"1,'age1a,age1b'", "3,'age1a,age1b'", "0,'age1a,age1b'", "256,'age1a,age1b'"})
  void refusesAThresholdThatNobodyOrEverybodyMeets(String threshold, String holders) {
    assertThatThrownBy(
            () -> load("core.backup.threshold", threshold, "core.backup.holders", holders))
        .isInstanceOf(RefusalException.class)
        .hasMessageContaining("core.backup.threshold");
  }

  @Test
  void keepsTheAuditLogBesideTheKeysUnlessToldOtherwise() {
    assertThat(load("core.cert_dir", "/k").audit().directories())
        .containsExactly(Path.of("/k/audit"));
    assertThat(load("core.audit.directories", "/a,/b").audit().directories())
        .containsExactly(Path.of("/a"), Path.of("/b"));
  }

  @ParameterizedTest
  @CsvSource({"1023KiB", "0", "x"})
  void refusesSegmentsThatHoldNothing(String size) {
    assertThatThrownBy(() -> load("core.audit.max_segment", size))
        .isInstanceOf(RefusalException.class)
        .hasMessageContaining("core.audit.max_segment");
  }

  @ParameterizedTest
  @CsvSource({"refresh_certificates", "check_self", "attest_self"})
  void refusesALifeWithoutPeriods(String name) {
    for (String never : new String[] {"never", "0s", "x"}) {
      assertThatThrownBy(() -> load("core.life." + name, never))
          .isInstanceOf(RefusalException.class)
          .hasMessageContaining("core.life." + name);
    }
  }

  @ParameterizedTest
  @CsvSource({"-1", "1000001", "x"})
  void refusesAnEpochOutOfRange(String epoch) {
    assertThatThrownBy(() -> load("core.epoch", epoch))
        .isInstanceOf(RefusalException.class)
        .hasMessageContaining("core.epoch");
  }
}
