package dstack.kms.onboard.node;

import static org.assertj.core.api.Assertions.assertThat;

import dstack.kms.core.config.ConfigSources;
import dstack.kms.core.config.KmsConfig;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which questions to an authority others on the way could answer, and how far they go. */
final class InTheClearTest {
  private static final String URL = "core.auth_api.webhook.url";

  /** The base point of P-256 (FIPS 186-5) as a public key. */
  private static final String ANSWER_KEY =
      "3059301306072a8648ce3d020106082a8648ce3d03010703420004"
          + "6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296"
          + "4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5";

  private static InTheClear with(Map<String, String> flags) {
    return InTheClear.of(KmsConfig.load(ConfigSources.none().withFlags(flags)).authority());
  }

  private static InTheClear chain(String urls) {
    Map<String, String> flags = new HashMap<>();
    flags.put("core.auth_api.type", "chain");
    flags.put("core.auth_api.chain.rpc_urls", urls);
    flags.put("core.auth_api.chain.contract", "0x" + "c0".repeat(20));
    flags.put("core.auth_api.chain.chain_id", "8453");
    return with(flags);
  }

  @ParameterizedTest
  @CsvSource({
    "http://127.0.0.1:8000, machine",
    "http://[::1]:8000, machine",
    "http://127.9.9.9, machine",
    "http://auth-api:8000, name",
    "HTTP://AUTH-API, name",
    "http://10.0.0.7, network",
    "http://192.168.1.1:8000, network",
    "http://[fd00::1], network",
  })
  void t16_saysHowFarPlainHttpGoes(String url, String to) {
    assertThat(with(Map.of(URL, url)).samples().keySet())
        .containsExactly(Map.of("key", URL, "to", to));
    assertThat(with(Map.of(URL, url)).note()).isPresent();
  }

  @ParameterizedTest
  @ValueSource(strings = {"https://127.0.0.1:1", "https://auth-api", "https://policy.example"})
  void saysNothingWhereTheWayIsEncrypted(String url) {
    assertThat(with(Map.of(URL, url)).samples()).isEmpty();
    assertThat(with(Map.of(URL, url)).note()).isEmpty();
  }

  @Test
  void saysNothingWhereOnlySignedAnswersCount() {
    Map<String, String> signed =
        Map.of(URL, "http://10.0.0.7", "core.auth_api.webhook.answer_key", ANSWER_KEY);
    assertThat(with(signed).samples()).isEmpty();
    assertThat(with(signed).note()).isEmpty();
    assertThat(KmsConfig.load(ConfigSources.none().withFlags(signed)).warnings())
        .noneMatch(warning -> warning.contains("plain HTTP"));
  }

  @Test
  void namesEachPlaceOfTheEndpointsOfAChainOnce() {
    String key = "core.auth_api.chain.rpc_urls";
    assertThat(chain("http://helios:8545,http://10.0.0.7,http://10.0.0.8").samples().keySet())
        .containsExactlyInAnyOrder(
            Map.of("key", key, "to", "name"), Map.of("key", key, "to", "network"));
    assertThat(chain("https://rpc.example.org").samples()).isEmpty();
  }

  @Test
  void saysNothingOfAnAuthorityThatIsNotAsked() {
    for (String type : List.of("file", "dev")) {
      Map<String, String> flags =
          Map.of(
              "core.auth_api.type", type,
              "core.auth_api.file.path", "/policy.json",
              "core.insecure_development", "true");
      assertThat(with(flags).samples()).isEmpty();
    }
  }
}
