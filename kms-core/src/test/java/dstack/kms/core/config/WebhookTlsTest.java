package dstack.kms.core.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dstack.kms.core.refusal.RefusalException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The keys of {@code [core.auth_api.webhook]} that say who speaks to whom. */
final class WebhookTlsTest {
  private static final Map<String, String> IDENTITY =
      Map.of("client_cert", "/client.pem", "client_key", "/client.key");

  @Test
  void readsWhoIsSpokenToOverTls() {
    Map<String, String> keys = new HashMap<>(IDENTITY);
    keys.put("ca", "/ca.pem");
    assertThat(load("https://w.example", keys).tls())
        .isEqualTo(
            new WebhookTls(
                Optional.of(Path.of("/ca.pem")),
                Optional.of(
                    new WebhookTls.Identity(Path.of("/client.pem"), Path.of("/client.key")))));
  }

  @Test
  void t16_refusesThemWhereTheServiceIsSpokenToInTheClear() {
    refuses("http://auth-api:8000", Map.of("ca", "/ca.pem"));
    refuses("HTTP://127.0.0.1:8000", Map.of("ca", "/ca.pem"));
    refuses("http://auth-api:8000", IDENTITY);
    // The default is plain http too.
    refuses("", Map.of("ca", "/ca.pem"));
    assertThat(load("http://auth-api:8000", Map.of()).tls()).isEqualTo(WebhookTls.DEFAULT);
  }

  @Test
  void leavesThemAloneWhereAnotherAuthorityDecides() {
    Map<String, String> flags =
        Map.of(
            "core.auth_api.type", "file",
            "core.auth_api.file.path", "/p.json",
            "core.auth_api.webhook.ca", "/ca.pem");
    assertThat(KmsConfig.load(ConfigSources.none().withFlags(flags)).authority())
        .isInstanceOf(AuthorityConfig.PolicyFile.class);
  }

  private static void refuses(String url, Map<String, String> keys) {
    assertThatThrownBy(() -> load(url, keys))
        .isInstanceOfSatisfying(
            RefusalException.class,
            e -> assertThat(e.code()).isEqualTo(ConfigRefusal.CONTRADICTION))
        .hasMessageContaining("core.auth_api.webhook.url")
        .hasMessageContaining("is plain http");
  }

  private static AuthorityConfig.Webhook load(String url, Map<String, String> keys) {
    Map<String, String> flags = new HashMap<>();
    flags.put("core.auth_api.webhook.url", url);
    keys.forEach((key, value) -> flags.put("core.auth_api.webhook." + key, value));
    return (AuthorityConfig.Webhook)
        KmsConfig.load(ConfigSources.none().withFlags(flags)).authority();
  }
}
