package dstack.kms.core.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dstack.kms.core.refusal.RefusalException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Specification 00 §7: a published kms.toml starts the server unchanged. */
class PublishedConfigTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "legacy",
        "pinned",
        "current",
        "guide",
        "guide-datadog",
        "compose",
        "entrypoint",
        "full-stack"
      })
  void startsUnchangedAndWeakensNothing(String name) {
    KmsConfig config = load(name + ".toml");

    assertThat(config.weakenings()).isEmpty();
    assertThat(config.release()).isEqualTo(new ReleaseConfig(true, true, false, false));
    assertThat(config.rpc().listen().port()).isEqualTo(8000);
    assertThat(config.onboard().listen().port()).isEqualTo(8000);
    assertThat(config.metricsEnabled()).isTrue();
    assertThat(config.image().downloadTimeout()).contains(Duration.ofMinutes(2));
    assertThat(config.attestation().pccs())
        .extracting(EndpointUrl::display)
        .containsExactly("https://pccs.phala.network");
  }

  @Test
  void readsTheGuidesFile() {
    KmsConfig config = load("guide.toml");

    assertThat(config.certDir()).isEqualTo(Path.of("/kms/certs"));
    assertThat(config.image().cacheDir()).isEqualTo(Path.of("/kms/images"));
    assertThat(config.image().verify()).isTrue();
    assertThat(config.adminTokenHash()).isEmpty();
    assertThat(config.onboard().enabled()).isTrue();
    assertThat(config.onboard().autoBootstrapDomain()).isEmpty();
    assertThat(((AuthorityConfig.Webhook) config.authority()).url().display())
        .isEqualTo("http://auth-api:8000");
  }

  @Test
  void namesEveryRetiredKeyOfTheGuidesFileOnce() {
    assertThat(load("guide.toml").warnings())
        .filteredOn(warning -> warning.contains("has no effect"))
        .hasSize(2)
        .anyMatch(warning -> warning.matches("core\\.onboard\\.quote_enabled \\(.*:\\d+\\).*"))
        .anyMatch(warning -> warning.startsWith("rpc.tls.mutual.ca_certs"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"dstackup", "dev-stack"})
  void refusesHostModeWithATextThatNamesTheSwitch(String name) {
    assertThatThrownBy(() -> load("refused/" + name + ".toml"))
        .isInstanceOf(RefusalException.class)
        .hasMessageContaining("core.enforce_self_authorization")
        .hasMessageContaining("core.insecure_development = true")
        .hasMessageContaining(name + ".toml:");
  }

  @ParameterizedTest
  @ValueSource(strings = {"dstackup", "dev-stack"})
  void startsHostModeWithTheSwitch(String name) {
    KmsConfig config =
        KmsConfig.load(
            sources("refused/" + name + ".toml")
                .withFlags(java.util.Map.of("core.insecure_development", "true")));

    assertThat(config.weakenings())
        .extracting(Weakening::key)
        .contains("core.enforce_self_authorization");
    assertThat(config.onboard().autoBootstrapDomain()).isNotEqualTo(Optional.empty());
  }

  private static KmsConfig load(String name) {
    return KmsConfig.load(sources(name));
  }

  private static ConfigSources sources(String name) {
    try {
      return ConfigSources.none()
          .withFile(
              Path.of(
                      Objects.requireNonNull(
                              PublishedConfigTest.class.getResource("/config/" + name))
                          .toURI())
                  .toString());
    } catch (URISyntaxException e) {
      throw new AssertionError(e);
    }
  }
}
