package dstack.kms.sim.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dstack.kms.core.config.ConfigSources;
import dstack.kms.core.config.KmsConfig;
import dstack.kms.core.config.TrustAnchor;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.sim.platform.PlatformKind;
import dstack.kms.sim.platform.SimulatedPlatform;
import dstack.kms.sim.testing.TestPlatform;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
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
        .isEqualTo(folder.resolve("platform/roots/root-ca.pem").toString());
  }

  @Test
  void serverStartsWithItAndKnowsThatItIsWeakened() throws IOException {
    KmsConfig config = KmsConfig.load(sources(toml()));
    assertThat(config.agentAddress()).contains("unix:" + folder.resolve("a.sock"));
    assertThat(config.attestation().pccs())
        .singleElement()
        .extracting(Object::toString)
        .asString()
        .contains("http://127.0.0.1:8081");
    assertThat(config.attestation().rootCa())
        .containsEntry(TrustAnchor.TDX, folder.resolve("platform/roots/root-ca.pem"));
    assertThat(config.image().verify()).isFalse();
    assertThat(config.weakenings()).isNotEmpty();
  }

  @Test
  void serverTrustsTheRootsOfEveryKind() throws IOException {
    KmsConfig config = KmsConfig.load(sources(toml()));
    assertThat(config.attestation().rootCa()).containsOnlyKeys(TrustAnchor.values());
    assertThat(config.attestation().rootCa().values()).allMatch(Files::isRegularFile);
    assertThat(config.attestation().amdKds().toString()).contains("http://127.0.0.1:8081/vcek/v1");
  }

  @ParameterizedTest
  @EnumSource
  void onlyKindsThatNeedASwitchGetOne(PlatformKind kind) throws IOException {
    assertThat(toml(kind).contains("aws_nitro_tpm_key_release = true"))
        .isEqualTo(kind == PlatformKind.NITRO_TPM);
    assertThat(toml(kind).contains("sev_snp_key_release = true"))
        .isEqualTo(kind == PlatformKind.SEV_SNP);
    KmsConfig.load(sources(toml(kind)));
  }

  @Test
  void serverRefusesItWithoutTheDevelopmentSwitch() throws IOException {
    String production = toml().replace("insecure_development = true\n", "");
    ConfigSources sources = sources(production);
    assertThatThrownBy(() -> KmsConfig.load(sources))
        .isInstanceOf(RefusalException.class)
        .hasMessageContaining("core.insecure_development");
  }

  @Test
  void serverRefusesItOnAMachineWithARealTeeDevice() throws IOException {
    Path device = Files.writeString(folder.resolve("tdx_guest"), "");
    ConfigSources sources = sources(toml()).withTeeDevices(List.of(device));
    assertThatThrownBy(() -> KmsConfig.load(sources))
        .isInstanceOf(RefusalException.class)
        .hasMessageContaining("TEE device");
  }

  @Test
  void quotesPathsWithOddCharacters() {
    Path odd = folder.resolve("a \"b\" $1 \\ %s ü");
    assertThat(toml(odd).getString("core.attestation.root_ca.tdx"))
        .isEqualTo(odd.resolve("platform/roots/root-ca.pem").toString());
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

  private String toml() {
    return toml(PlatformKind.TDX);
  }

  private String toml(PlatformKind kind) {
    return SimConfigFragment.toml(
        TestPlatform.in(folder),
        kind,
        new SimulatedEndpoints(folder.resolve("a.sock"), SimulatedPlatform.DEFAULT_PORT));
  }

  private ConfigSources sources(String toml) throws IOException {
    Path file = Files.writeString(folder.resolve("kms.toml"), toml);
    return ConfigSources.none().withFile(file.toString());
  }

  private TomlParseResult toml(Path home) {
    return Toml.parse(
        SimConfigFragment.toml(
            TestPlatform.in(home),
            PlatformKind.TDX,
            new SimulatedEndpoints(folder.resolve("a.sock"), 8081)));
  }
}
