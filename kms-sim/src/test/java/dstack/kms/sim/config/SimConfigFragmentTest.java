package dstack.kms.sim.config;

import static org.assertj.core.api.Assertions.assertThat;

import dstack.kms.sim.testing.TestPlatform;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tomlj.Toml;
import org.tomlj.TomlParseResult;

final class SimConfigFragmentTest {
  @TempDir private Path folder;

  @Test
  void saysEverythingThatAServerNeedsToKnow() {
    TomlParseResult toml = toml(folder);
    assertThat(toml.hasErrors()).isFalse();
    assertThat(toml.getBoolean("core.insecure_development")).isTrue();
    assertThat(toml.getString("core.agent_address")).isEqualTo("unix:" + folder.resolve("a.sock"));
    assertThat(toml.getBoolean("core.image.verify")).isFalse();
    assertThat(toml.getBoolean("core.attestation.insecure_allow_external_trust_anchors")).isTrue();
    assertThat(toml.getString("core.attestation.urls.pccs")).isEqualTo("http://127.0.0.1:8081");
    assertThat(toml.getString("core.attestation.root_ca.tdx"))
        .isEqualTo(folder.resolve("roots/root-ca.pem").toString());
  }

  @Test
  void quotesPathsWithOddCharacters() {
    Path odd = folder.resolve("a \"b\" $1 \\ %s ü");
    assertThat(toml(odd).getString("core.attestation.root_ca.tdx"))
        .isEqualTo(odd.resolve("roots/root-ca.pem").toString());
  }

  @Test
  void endpointsAreTheDefaultsUntilSomeAreKept() {
    Path home = folder.resolve("platform");
    SimulatedEndpoints before = SimulatedEndpoints.of(home);
    assertThat(before.socket()).isEqualTo(home.resolve("agent.sock"));
    assertThat(before.pccsPort()).isEqualTo(8081);
    SimulatedEndpoints kept = new SimulatedEndpoints(folder.resolve("x.sock"), 1234);
    kept.keepIn(TestPlatform.in(folder));
    assertThat(SimulatedEndpoints.of(home)).isEqualTo(kept);
  }

  private TomlParseResult toml(Path home) {
    return Toml.parse(SimConfigFragment.toml(home, folder.resolve("a.sock"), 8081));
  }
}
