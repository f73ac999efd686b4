package dstack.kms.core.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.testkit.LogGuard;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code [core.auth_api.chain]}: defaults, every key, and what contradicts itself. */
final class ChainConfigTest {
  private static final String CONTRACT = "0x" + "c0".repeat(20);

  @Test
  void needsEndpointContractAndChainAndHasDefaultsForTheRest() {
    assertThat(load(Map.of()))
        .isEqualTo(
            new ChainConfig(
                ChainMode.DIRECT,
                List.of(RpcUrl.of("https://rpc.example/")),
                Bytes.fromHex("c0".repeat(20)),
                8453,
                BlockChoice.LATEST,
                BlockPin.HASH,
                1,
                new ChainConfig.Exchange(
                    Duration.ofSeconds(3), Duration.ofSeconds(10), 2 << 20, 10_000_000),
                new ChainConfig.Freshness(
                    Duration.ofSeconds(2), Duration.ofSeconds(8), Duration.ofMinutes(2), 5),
                new ChainConfig.Implementations(List.of(), List.of(), List.of())));
    for (String needed : List.of("rpc_urls", "contract", "chain_id")) {
      assertThatThrownBy(() -> load(Map.of(needed, needed.equals("chain_id") ? "0" : "")))
          .isInstanceOf(RefusalException.class)
          .hasMessageContaining("it needs core.auth_api.chain." + needed);
    }
  }

  @Test
  void mapsEveryKeyToItsPlace() {
    Map<String, String> everything = new HashMap<>();
    everything.put("mode", "proof");
    everything.put("rpc_urls", "https://a.example/key,https://b.example,https://c.example");
    everything.put("chain_id", "84532");
    everything.put("block", "head-12");
    everything.put("pin", "number");
    everything.put("quorum", "3");
    everything.put("connect_timeout", "1s");
    everything.put("total_timeout", "2s");
    everything.put("max_answer", "3KiB");
    everything.put("gas", "5000000");
    everything.put("poll", "4s");
    everything.put("max_view_age", "5s");
    everything.put("max_head_age", "6s");
    everything.put("max_lag", "7");
    everything.put("kms_implementations", "0x" + "11".repeat(20));
    everything.put("proxy_code_hashes", "0x" + "44".repeat(32));
    everything.put("app_implementations", "22".repeat(20) + ", 0x" + "33".repeat(20));
    assertThat(load(everything))
        .isEqualTo(
            new ChainConfig(
                ChainMode.PROOF,
                List.of(
                    RpcUrl.of("https://a.example/key"),
                    RpcUrl.of("https://b.example"),
                    RpcUrl.of("https://c.example")),
                Bytes.fromHex("c0".repeat(20)),
                84532,
                new BlockChoice(BlockChoice.Kind.DEPTH, 12),
                BlockPin.NUMBER,
                3,
                new ChainConfig.Exchange(
                    Duration.ofSeconds(1), Duration.ofSeconds(2), 3072, 5_000_000),
                new ChainConfig.Freshness(
                    Duration.ofSeconds(4), Duration.ofSeconds(5), Duration.ofSeconds(6), 7),
                new ChainConfig.Implementations(
                    List.of(Bytes.fromHex("11".repeat(20))),
                    List.of(Bytes.fromHex("22".repeat(20)), Bytes.fromHex("33".repeat(20))),
                    List.of(Bytes.fromHex("44".repeat(32))))));
  }

  @Test
  void asksTheMajorityUnlessToldOtherwise() {
    assertThat(load(endpoints("quorum", 2, "0")).quorum()).isEqualTo(2);
    assertThat(load(endpoints("quorum", 3, "0")).quorum()).isEqualTo(2);
    assertThat(load(endpoints("quorum", 4, "0")).quorum()).isEqualTo(3);
    assertThat(load(endpoints("quorum", 3, "3")).quorum()).isEqualTo(3);
    assertThat(load(endpoints("proof", 1, "0")).quorum()).isEqualTo(1);
    assertThat(load(endpoints("direct", 3, "0")).quorum()).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({
    "quorum, 1, 0, core.auth_api.chain.mode",
    "quorum, 3, 1, core.auth_api.chain.quorum",
    "quorum, 4, 2, core.auth_api.chain.quorum",
    "quorum, 3, 4, core.auth_api.chain.quorum",
    "proof, 2, 1, core.auth_api.chain.quorum",
    "direct, 2, 2, core.auth_api.chain.quorum",
  })
  void refusesAQuorumThatIsNoMajority(String mode, int count, String quorum, String key) {
    assertThatThrownBy(() -> load(endpoints(mode, count, quorum)))
        .isInstanceOf(RefusalException.class)
        .hasMessageContaining(key);
  }

  @Test
  void refusesOneEndpointNamedTwice() {
    assertThatThrownBy(() -> load(Map.of("rpc_urls", "https://a.example,https://A.example/")))
        .isInstanceOf(RefusalException.class)
        .hasMessageContaining("names an endpoint twice");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://a.example/other-key",
        "https://A.EXAMPLE/other-key",
        "https://a.example./key",
        "https://a.example:443/other-key",
        "https://user:password@a.example/key",
        "http://a.example:443/key"
      })
  void countsNoServerTwiceHoweverItIsWritten(String again) {
    for (String mode : List.of("quorum", "proof")) {
      Map<String, String> twice =
          Map.of("mode", mode, "rpc_urls", "https://a.example/key," + again);
      assertThatThrownBy(() -> load(twice))
          .isInstanceOf(RefusalException.class)
          .hasMessageContaining("names one host and port twice");
    }
  }

  @Test
  void takesServersThatDifferInHostOrPortAndInDirectModeAnyTwoUrls() {
    String ports = "https://a.example/key,https://a.example:8443/key";
    assertThat(load(Map.of("mode", "quorum", "rpc_urls", ports)).quorum()).isEqualTo(2);
    String keys = "https://a.example/one,https://a.example/two";
    assertThat(load(Map.of("rpc_urls", keys)).endpoints()).hasSize(2);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "pending",
        "earliest",
        "head",
        "head-0",
        "head-10000",
        "head--1",
        "0x10",
        "Latest"
      })
  void refusesABlockThatIsNoChoice(String block) {
    assertThatThrownBy(() -> load(Map.of("block", block)))
        .isInstanceOf(RefusalException.class)
        .hasMessageContaining("core.auth_api.chain.block: must be latest, safe, finalized");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0x",
        "c0",
        "0xc0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0",
        "0xc0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0",
        "0x0000000000000000000000000000000000000000",
        "0xg0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0",
      })
  void refusesAContractThatIsNoAddress(String contract) {
    assertThatThrownBy(() -> load(Map.of("contract", contract)))
        .isInstanceOf(RefusalException.class)
        .hasMessageContaining("core.auth_api.chain.contract");
  }

  @Test
  void takesTheOriginalsVariablesWhereNothingElseNamesTheValue() {
    Map<String, String> flags =
        Map.of("core.auth_api.type", "chain", "core.auth_api.chain.chain_id", "8453");
    Map<String, String> variables =
        Map.of("ETH_RPC_URL", "https://env.example/key", "KMS_CONTRACT_ADDR", CONTRACT);
    ConfigSources sources = ConfigSources.none().withFlags(flags).withEnvironment(variables);
    ChainConfig config = (ChainConfig) KmsConfig.load(sources).authority();
    assertThat(config.endpoints()).containsExactly(RpcUrl.of("https://env.example/key"));
    assertThat(config.contract()).isEqualTo(Bytes.fromHex("c0".repeat(20)));
    // What is measured with the configuration is not overridden by what the host may set.
    assertThat(load(Map.of(), Map.of("KMS_CONTRACT_ADDR", "0x" + "ee".repeat(20))).contract())
        .isEqualTo(Bytes.fromHex("c0".repeat(20)));
  }

  @Test
  void leavesTheOriginalsVariablesAloneForOtherAuthorities() {
    ConfigSources sources =
        ConfigSources.none()
            .withEnvironment(Map.of("KMS_CONTRACT_ADDR", "none", "ETH_RPC_URL", "-"));
    assertThat(KmsConfig.load(sources).authority()).isInstanceOf(AuthorityConfig.Webhook.class);
  }

  @Test
  void neverShowsTheKeysInEndpoints() {
    LogGuard.forbid("Sk3y0fTheCust0mer");
    KmsConfig config =
        KmsConfig.load(
            ConfigSources.none()
                .withFlags(flags(Map.of("rpc_urls", "https://rpc.example/v3/Sk3y0fTheCust0mer"))));
    assertThat(config.explain().toString() + config.authority() + config.warnings())
        .contains("https://rpc.example")
        .doesNotContain("Sk3y0fTheCust0mer");
    assertThatThrownBy(() -> load(Map.of("rpc_urls", "wss://rpc.example/Sk3y0fTheCust0mer")))
        .isInstanceOf(RefusalException.class)
        .hasMessageNotContaining("Sk3y0fTheCust0mer");
  }

  @Test
  void warnsThatOneEndpointIsBelieved() {
    assertThat(KmsConfig.load(ConfigSources.none().withFlags(flags(Map.of()))).warnings())
        .anyMatch(warning -> warning.contains("whoever runs an endpoint decides about keys"));
  }

  private static Map<String, String> endpoints(String mode, int count, String quorum) {
    List<String> urls =
        List.of("https://a.example", "https://b.example", "https://c.example", "https://d.example");
    return Map.of(
        "mode", mode, "rpc_urls", String.join(",", urls.subList(0, count)), "quorum", quorum);
  }

  private static ChainConfig load(Map<String, String> more) {
    return load(more, Map.of());
  }

  private static ChainConfig load(Map<String, String> more, Map<String, String> environment) {
    ConfigSources sources =
        ConfigSources.none().withFlags(flags(more)).withEnvironment(environment);
    return (ChainConfig) KmsConfig.load(sources).authority();
  }

  private static Map<String, String> flags(Map<String, String> more) {
    Map<String, String> flags = new HashMap<>();
    flags.put("core.auth_api.type", "chain");
    flags.put("core.auth_api.chain.rpc_urls", "https://rpc.example");
    flags.put("core.auth_api.chain.contract", CONTRACT);
    flags.put("core.auth_api.chain.chain_id", "8453");
    more.forEach((key, value) -> flags.put("core.auth_api.chain." + key, value));
    return flags;
  }
}
