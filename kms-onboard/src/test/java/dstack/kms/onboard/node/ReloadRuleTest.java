package dstack.kms.onboard.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dstack.kms.core.config.ConfigSources;
import dstack.kms.core.config.KmsConfig;
import dstack.kms.core.refusal.RefusalException;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What another configuration may change under a node that serves, and what it may not. */
class ReloadRuleTest {
  private static final Map<String, String> BEFORE =
      Map.of(
          "core.cert_dir",
          "/keys",
          "core.insecure_development",
          "true",
          "core.onboard.token",
          "one token that is long enough");

  @ParameterizedTest
  @CsvSource({
    "core.epoch, 1",
    "core.onboard.enabled, false",
    "core.onboard.port, 9000",
    "core.onboard.auto_bootstrap_domain, kms.example",
    "core.onboard.token, another token that is long enough",
    "core.operations.port, 9002",
    "core.operations.enabled, false",
    "core.audit.enabled, false",
    "core.audit.directories, /elsewhere",
    "core.admin.address, 127.0.0.2",
    "core.admin.port, 9001",
    "rpc.address, 127.0.0.1",
    "rpc.port, 9000",
    "rpc.tls.engine, jdk",
    "rpc.slow_sender_timeout, 10s",
    "rpc.keep_alive, 60",
    "rpc.max_connections, 10",
  })
  void refusesToChangeWhatOnlyAStartReads(String key, String value) {
    assertThatThrownBy(() -> ReloadRule.require(config(Map.of()), config(Map.of(key, value))))
        .isInstanceOf(RefusalException.class)
        .hasMessage(key + " changed: it needs a restart; the configuration in use stays as it is")
        .extracting(refused -> ((RefusalException) refused).code())
        .isEqualTo(NodeRefusal.NEEDS_RESTART);
  }

  @Test
  void refusesAnotherFolderOfKeys() {
    assertThatThrownBy(
            () -> ReloadRule.require(config(Map.of()), config(Map.of("core.cert_dir", "/other"))))
        .isInstanceOf(RefusalException.class)
        .hasMessageContaining("changed: it needs a restart");
  }

  @ParameterizedTest
  @CsvSource({
    "core.auth_api.webhook.url, https://other.example",
    "core.attestation.urls.pccs, https://pccs.example",
    "core.client_certificate.max_age, 1h",
    "core.sev_snp_key_release, true",
    "core.image.download_timeout, 5m",
    "core.life.refresh_certificates, 1h",
    "core.metrics.enabled, false",
    "core.admin_token_hash, 0000000000000000000000000000000000000000000000000000000000000000",
    "rpc.limits.SignCert, 1 MiB",
  })
  void takesTheRest(String key, String value) {
    assertThatCode(() -> ReloadRule.require(config(Map.of()), config(Map.of(key, value))))
        .doesNotThrowAnyException();
  }

  @Test
  void givesOtherConfigurationsOtherDigestsAndTheSameTheSame() {
    String before = ConfigDigest.of(config(Map.of()));
    assertThat(ConfigDigest.of(config(Map.of()))).isEqualTo(before);
    assertThat(ConfigDigest.of(config(Map.of("core.site_name", "x"))))
        .isNotEqualTo(before)
        .hasSize(64);
  }

  private static KmsConfig config(Map<String, String> more) {
    Map<String, String> flags = new HashMap<>(BEFORE);
    flags.putAll(more);
    return KmsConfig.load(ConfigSources.none().withFlags(flags));
  }
}
