package dstack.kms.core.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dstack.kms.core.refusal.RefusalException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigPrecedenceTest {
  @TempDir Path dir;
  private Path system;
  private Path working;
  private ConfigSources sources;

  @BeforeEach
  void directories() throws IOException {
    system = Files.createDirectories(dir.resolve("etc"));
    working = Files.createDirectories(dir.resolve("a/b"));
    sources = ConfigSources.none().withDirectories(system, working);
  }

  @Test
  void laterFilesWinKeyByKey() throws IOException {
    Files.writeString(system.resolve("kms.toml"), "[rpc]\nport = 1\naddress = \"127.0.0.1\"");
    Files.writeString(system.resolve("kms.json"), "{\"rpc\":{\"port\":2}}");
    assertThat(port(sources)).isEqualTo(2);
    Files.writeString(working.resolve("kms.toml"), "[rpc]\nport = 3");
    assertThat(port(sources)).isEqualTo(3);
    Files.writeString(working.resolve("kms.json"), "{\"rpc\":{\"port\":4}}");
    assertThat(port(sources)).isEqualTo(4);
    Files.writeString(working.resolve("own"), "{\"rpc\":{\"port\":5}}");
    KmsConfig config = KmsConfig.load(sources.withFile("own"));
    assertThat(config.rpc().listen().port()).isEqualTo(5);
    assertThat(config.rpc().listen().address().getHostAddress()).isEqualTo("127.0.0.1");
  }

  @Test
  void variableWinsOverFileAndFlagOverVariable() throws IOException {
    Files.writeString(working.resolve("kms.toml"), "[rpc]\nport = 3");
    ConfigSources variable = sources.withEnvironment(Map.of("KMS_RPC_PORT", "6"));
    assertThat(port(variable)).isEqualTo(6);
    assertThat(port(variable.withFlags(Map.of("rpc.port", "7")))).isEqualTo(7);
  }

  @Test
  void everyValueNamesItsOrigin() throws IOException {
    Path file = Files.writeString(working.resolve("kms.toml"), "[core]\nsite_name = \"a\"\n");
    KmsConfig config =
        KmsConfig.load(
            sources
                .withFlags(Map.of("rpc.port", "7"))
                .withEnvironment(Map.of("KMS_CORE_IMAGE_CACHE_DIR", "/i")));
    assertThat(config.explain())
        .contains(
            new Setting("core.site_name", "a", file + ":2"),
            new Setting("rpc.port", "7", "flag"),
            new Setting("core.image.cache_dir", "/i", "KMS_CORE_IMAGE_CACHE_DIR"),
            new Setting("core.image.download_timeout", "120s", "default"));
  }

  @Test
  void looksForARelativeFileInTheParentDirectories() throws IOException {
    Files.writeString(dir.resolve("mine.toml"), "[rpc]\nport = 9");
    assertThat(port(sources.withFile("mine.toml"))).isEqualTo(9);
  }

  @Test
  void refusesAnExplicitFileThatIsMissing() {
    assertThatThrownBy(() -> KmsConfig.load(sources.withFile("none.toml")))
        .isInstanceOf(RefusalException.class)
        .hasMessage("the configuration file none.toml does not exist");
  }

  @Test
  void refusesAFileThatIsThereAndCannotBeReadInsteadOfLeavingItOut() throws IOException {
    Files.createSymbolicLink(working.resolve("kms.toml"), working.resolve("gone.toml"));

    assertThatThrownBy(() -> KmsConfig.load(sources))
        .isInstanceOf(RefusalException.class)
        .hasMessageContaining("cannot read " + working.resolve("kms.toml"));
  }

  @Test
  void t08_anEmptyVariableDoesNotSwitchTheSetUpTokenOfTheFileOff() throws IOException {
    Files.writeString(working.resolve("kms.toml"), "[core.onboard]\ntoken = \"hunter5\"");
    ConfigSources unset = sources.withEnvironment(Map.of("KMS_CORE_ONBOARD_TOKEN", ""));

    assertThatThrownBy(() -> KmsConfig.load(unset))
        .isInstanceOf(RefusalException.class)
        .hasMessage(
            "KMS_CORE_ONBOARD_TOKEN: core.onboard.token: its value must not be empty; leave the"
                + " key out for a set-up without a token");
  }

  @Test
  void secretsAndCredentialsAreRedacted() {
    KmsConfig config =
        KmsConfig.load(
            sources.withFlags(
                Map.of(
                    "core.admin.auth_token", "hunter2",
                    "core.onboard.token", "hunter3",
                    "core.auth_api.webhook.url", "https://me:hunter4@example.org/x")));
    assertThat(config.toString()).doesNotContain("hunter");
    assertThat(config.explain())
        .contains(
            new Setting("core.admin.auth_token", "(set)", "flag"),
            new Setting("core.auth_api.webhook.url", "https://example.org/x", "flag"));
    AuthorityConfig.Webhook webhook = (AuthorityConfig.Webhook) config.authority();
    // RFC 7617: base64 of "me:hunter4".
    assertThat(webhook.url().authorization()).contains("Basic bWU6aHVudGVyNA==");
  }

  @Test
  void adminTokenComesFromTheOriginalsVariables() {
    ConfigSources one = sources.withEnvironment(Map.of("ADMIN_API_TOKEN", " t1 "));
    assertThat(KmsConfig.load(one).admin().token()).contains(TokenDigest.ofToken("t1"));
    ConfigSources both =
        sources.withEnvironment(Map.of("ADMIN_API_TOKEN", "t1", "DSTACK_KMS_ADMIN_TOKEN", ""));
    assertThat(KmsConfig.load(both).admin().token()).isEmpty();
    ConfigSources own = both.withFlags(Map.of("core.admin.auth_token", "t3"));
    assertThat(KmsConfig.load(own).admin().token()).contains(TokenDigest.ofToken("t3"));
  }

  @Test
  void agentAddressVariableWinsOverTheFileOnly() throws IOException {
    Files.writeString(working.resolve("kms.toml"), "[core]\nagent_address = \"unix:/f\"");
    ConfigSources variable = sources.withEnvironment(Map.of("DSTACK_AGENT_ADDRESS", "unix:/v"));
    assertThat(KmsConfig.load(variable).agentAddress()).contains("unix:/v");
    assertThat(
            KmsConfig.load(variable.withFlags(Map.of("core.agent_address", "unix:/c")))
                .agentAddress())
        .contains("unix:/c");
  }

  private static int port(ConfigSources sources) {
    return KmsConfig.load(sources).rpc().listen().port();
  }
}
