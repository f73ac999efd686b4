package dstack.kms.cli.config;

import static org.assertj.core.api.Assertions.assertThat;

import dstack.kms.cli.Run;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

final class ConfigCheckCommandTest {
  @TempDir private Path folder;

  @Test
  void printsEachValueWithItsOrigin() throws IOException {
    Path file = file("kms.toml", "[core]\nsite_name = \"east\"\n");

    Run run =
        Run.with(
            Map.of("KMS_RPC_PORT", "8443"),
            "config",
            "check",
            "-c",
            file.toString(),
            "--set",
            "core.cert_dir=/keys");

    assertThat(run.status()).isZero();
    assertThat(run.out())
        .containsPattern("core.site_name += \"east\" +# " + file + ":2\n")
        .containsPattern("rpc.port += 8443 +# KMS_RPC_PORT\n")
        .containsPattern("core.cert_dir += \"/keys\" +# flag\n")
        .containsPattern("rpc.address += \"0.0.0.0\" +# default\n");
  }

  @Test
  void answersOneJsonObject() {
    Run run = Run.of("config", "check", "--json");

    JsonNode answer = JsonMapper.shared().readTree(run.out());
    assertThat(answer.propertyNames()).containsExactly("settings", "warnings", "weakenings");
    assertThat(answer.get("settings").get(0).propertyNames())
        .containsExactly("key", "value", "origin");
  }

  @Test
  void neverShowsASecret() throws IOException {
    String token = "very-secret-operator-token-0123456789";
    Path file = file("kms.toml", "[core.admin]\nenabled = true\nauth_token = \"" + token + "\"\n");

    Run text = Run.of("config", "check", "-c", file.toString());
    Run json = Run.of("config", "check", "--json", "-c", file.toString());

    assertThat(text.status()).isZero();
    assertThat(text.out() + text.err() + json.out() + json.err()).doesNotContain(token);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[core]\nsit_name = \"x\"",
        "[core",
        "[rpc]\nport = 65536",
        "[core]\nattest_rpc_cert = false",
        "[core.auth_api]\ntype = \"dev\""
      })
  void refusesInOneSentenceWhatTheServerWouldNotStartOn(String text) throws IOException {
    Run run = Run.of("config", "check", "-c", file("kms.toml", text).toString());

    assertThat(run.status()).isEqualTo(1);
    assertThat(run.out()).isEmpty();
    assertThat(run.err().lines().findFirst().orElse("")).startsWith("kms: ");
    assertThat(run.err()).doesNotContain("Exception").doesNotContain("\tat ");
  }

  @Test
  void answersARefusalInJsonWithTextAndCode() {
    Run run = Run.of("config", "check", "--json", "--set", "core.sit_name=x");

    assertThat(run.status()).isEqualTo(1);
    assertThat(run.out())
        .isEqualTo(
            "{\"error\":\"flag: unknown key core.sit_name; the nearest known name is"
                + " core.site_name\",\"code\":\"config-unknown-key\"}\n");
    assertThat(run.err()).isEmpty();
  }

  @Test
  void refusesAFileThatIsNotThere() {
    Run run = Run.of("config", "check", "-c", folder.resolve("none.toml").toString());

    assertThat(run.status()).isEqualTo(1);
    assertThat(run.err()).contains("none.toml does not exist");
  }

  @ParameterizedTest
  @ValueSource(strings = {"--set=core.site_name", "--sett=x", "extra"})
  void answersWrongUsageWithStatus2(String argument) {
    Run run = Run.of("config", "check", argument);

    assertThat(run.status()).isEqualTo(2);
    assertThat(run.err()).endsWith("see: kms config check --help\n");
  }

  @Test
  void asksForASubcommand() {
    Run run = Run.of("config");

    assertThat(run.status()).isEqualTo(2);
    assertThat(run.err()).isEqualTo("kms: Missing required subcommand\nsee: kms config --help\n");
  }

  private Path file(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }
}
