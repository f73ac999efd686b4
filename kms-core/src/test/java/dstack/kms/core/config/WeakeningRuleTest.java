package dstack.kms.core.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dstack.kms.core.refusal.RefusalException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WeakeningRuleTest {
  private static final List<Map<String, String>> WEAKENINGS =
      List.of(
          Map.of("core.enforce_self_authorization", "false"),
          Map.of("core.attest_rpc_cert", "false"),
          Map.of("core.auth_api.type", "dev"),
          Map.of("core.attestation.insecure_allow_external_trust_anchors", "true"),
          Map.of("core.admin.insecure_no_auth", "true"),
          Map.of("core.audit.enabled", "false"),
          Map.of("core.image.verify", "false"),
          Map.of("core.backup.holders", "age1a,age1b"),
          Map.of("core.backup.threshold", "2"),
          Map.of("core.attestation.nitro.unmeasured_events", "identity"),
          Map.of("core.auth_api.webhook.url", "http://example.org"));

  private static final Map<String, String> CHAIN =
      Map.of(
          "core.auth_api.type", "chain",
          "core.auth_api.chain.rpc_urls", "http://rpc.example.org",
          "core.auth_api.chain.contract", "0x" + "c0".repeat(20),
          "core.auth_api.chain.chain_id", "8453");

  @TempDir Path dir;

  @Test
  void t16_plainHttpToAChainEndpointOfThePublicNeedsTheSwitch() {
    assertThatThrownBy(() -> KmsConfig.load(ConfigSources.none().withFlags(CHAIN)))
        .isInstanceOf(RefusalException.class)
        .hasMessageContaining("core.auth_api.chain.rpc_urls (flag) weakens this server");
    Map<String, String> inside = new HashMap<>(CHAIN);
    for (String host : List.of("127.0.0.1:8545", "10.0.0.7", "helios:8545", "[::1]:8545")) {
      inside.put("core.auth_api.chain.rpc_urls", "http://" + host);
      assertThat(KmsConfig.load(ConfigSources.none().withFlags(inside)).warnings())
          .anyMatch(warning -> warning.contains("http://" + host + " is plain HTTP"));
    }
  }

  /** Older than that, a revocation takes longer than operators count on. */
  @ParameterizedTest
  @ValueSource(strings = {"max_head_age", "max_view_age"})
  void decidingByWhatIsOlderThanTenMinutesNeedsTheSwitch(String name) {
    String key = "core.auth_api.chain." + name;
    Map<String, String> flags = new HashMap<>(CHAIN);
    flags.put("core.auth_api.chain.rpc_urls", "https://rpc.example.org");
    flags.put(key, "10m");
    assertThat(KmsConfig.load(ConfigSources.none().withFlags(flags)).weakenings()).isEmpty();
    flags.put(key, "601s");
    assertThatThrownBy(() -> KmsConfig.load(ConfigSources.none().withFlags(flags)))
        .isInstanceOfSatisfying(
            RefusalException.class, e -> assertThat(e.code()).isEqualTo(ConfigRefusal.WEAKENING))
        .hasMessageContaining(key + " (flag) weakens this server");
    flags.put("core.insecure_development", "true");
    assertThat(KmsConfig.load(ConfigSources.none().withFlags(flags)).weakenings())
        .extracting(Weakening::key)
        .containsExactly(key);
  }

  @Test
  void everythingWeakAboutAChainIsListed() {
    Map<String, String> flags = new HashMap<>(CHAIN);
    flags.put("core.auth_api.chain.max_head_age", "1h");
    flags.put("core.auth_api.chain.max_view_age", "1h");
    flags.put("core.insecure_development", "true");
    assertThat(KmsConfig.load(ConfigSources.none().withFlags(flags)).weakenings()).hasSize(3);
  }

  @Test
  void t16_whoCanRestoreIsSaidByTheFileAlone() throws IOException {
    Path file = dir.resolve("kms.toml");
    Files.writeString(file, "[core.backup]\nholders = [\"age1a\", \"age1b\", \"age1c\"]\n");
    ConfigSources sources = ConfigSources.none().withFile(file.toString());
    assertThat(KmsConfig.load(sources).backup().holders()).hasSize(3);

    for (Map.Entry<String, String> said :
        Map.of("KMS_CORE_BACKUP_HOLDERS", "age1me,age1me2", "KMS_CORE_BACKUP_THRESHOLD", "2")
            .entrySet()) {
      assertThatThrownBy(
              () -> KmsConfig.load(sources.withEnvironment(Map.of(said.getKey(), said.getValue()))))
          .isInstanceOfSatisfying(
              RefusalException.class, e -> assertThat(e.code()).isEqualTo(ConfigRefusal.WEAKENING))
          .hasMessageContaining(said.getKey());
    }
  }

  @Property
  void t06_noCombinationOfFlagsWeakensWithoutTheSwitch(@ForAll int chosen) {
    assertRule(chosen, ConfigSources.none());
  }

  @Test
  void t06_everySingleWeakeningNeedsTheSwitch() {
    for (int i = 0; i < WEAKENINGS.size(); i++) {
      assertRule(1 << i, ConfigSources.none());
    }
  }

  private static void assertRule(int chosen, ConfigSources sources) {
    Map<String, String> flags = new HashMap<>();
    for (int i = 0; i < WEAKENINGS.size(); i++) {
      if ((chosen >> i & 1) != 0) {
        flags.putAll(WEAKENINGS.get(i));
      }
    }
    ConfigSources weak = sources.withFlags(flags);
    if (flags.isEmpty()) {
      assertThat(KmsConfig.load(weak).weakenings()).isEmpty();
      return;
    }
    assertThatThrownBy(() -> KmsConfig.load(weak))
        .isInstanceOfSatisfying(
            RefusalException.class, e -> assertThat(e.code()).isEqualTo(ConfigRefusal.WEAKENING))
        .hasMessageContaining("core.insecure_development = true");
    Map<String, String> switched = new HashMap<>(flags);
    switched.put("core.insecure_development", "true");
    assertThat(KmsConfig.load(sources.withFlags(switched)).weakenings()).isNotEmpty();
  }

  @Test
  void refusesAWeakeningOnARealTee() throws IOException {
    Path device = Files.createFile(dir.resolve("tdx_guest"));
    ConfigSources tee =
        ConfigSources.none().withTeeDevices(List.of(Path.of("/nonexistent/nsm"), device));
    for (Map<String, String> weakening : WEAKENINGS) {
      Map<String, String> flags = new HashMap<>(weakening);
      flags.put("core.insecure_development", "true");
      assertThatThrownBy(() -> KmsConfig.load(tee.withFlags(flags)))
          .hasMessageContaining("refused on a machine with the TEE device " + device);
    }
    assertThat(KmsConfig.load(tee).weakenings()).isEmpty();
  }

  @Test
  void theSwitchAloneWeakensNothing() {
    KmsConfig config =
        KmsConfig.load(ConfigSources.none().withFlags(Map.of("core.insecure_development", "true")));
    assertThat(config.weakenings()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://auth-api:8000",
        "http://localhost:8000",
        "http://127.0.0.1",
        "http://127.9.9.9:1/x",
        "http://[::1]:8000",
        "http://10.0.2.2:8001",
        "http://192.168.1.1",
        "http://172.16.0.1",
        "http://[fd00::1]",
        "https://example.org",
        "https://8.8.8.8"
      })
  void t16_acceptsPlainHttpOnlyNearby(String url) {
    KmsConfig config = load(url);
    assertThat(config.weakenings()).isEmpty();
    assertThat(config.warnings().stream().anyMatch(text -> text.contains("plain HTTP")))
        .isEqualTo(url.startsWith("http:"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://example.org",
        "http://8.8.8.8",
        "http://172.32.0.1",
        "http://11.0.0.1",
        "http://169.254.169.254",
        "http://[2001:db8::1]",
        "http://[::ffff:8.8.8.8]",
        "http://0.0.0.0",
        "http://localhost.example.org",
        "HTTP://auth.api:8000",
        "http://user:pw@example.org",
        "http://auth-api@example.org"
      })
  void t16_refusesPlainHttpToAPublicHost(String url) {
    assertThatThrownBy(() -> load(url))
        .isInstanceOf(RefusalException.class)
        .hasMessageContaining("core.auth_api.webhook.url")
        .hasMessageNotContaining("pw");
  }

  @ParameterizedTest
  @CsvSource({"http://134744072", "http://0x08080808", "http://-a", "http://a_b:1"})
  void t16_refusesAddressesInDisguise(String url) {
    assertThatThrownBy(() -> load(url)).isInstanceOf(RefusalException.class);
  }

  private static KmsConfig load(String url) {
    return KmsConfig.load(ConfigSources.none().withFlags(Map.of("core.auth_api.webhook.url", url)));
  }
}
