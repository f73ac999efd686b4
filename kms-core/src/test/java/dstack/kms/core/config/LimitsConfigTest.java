package dstack.kms.core.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dstack.kms.core.refusal.RefusalException;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code [core.limits]}. */
final class LimitsConfigTest {
  private static LimitsConfig load(String key, String value) {
    return KmsConfig.load(ConfigSources.none().withFlags(Map.of("core.limits." + key, value)))
        .limits();
  }

  @ParameterizedTest
  @CsvSource({"1/s,1,1", "600/m,600,60", "999999999/h,999999999,3600"})
  void readsRates(String text, int count, long seconds) {
    assertThat(load("total", text).total())
        .contains(new Rate(count, Duration.ofSeconds(seconds)))
        .get()
        .extracting(Rate::text)
        .isEqualTo(text);
  }

  @ParameterizedTest
  @ValueSource(strings = {"total", "per_address", "per_app", "platform_alarm"})
  void limitsUnlessToldOtherwise(String name) {
    assertThat(load(name, "unlimited").toString()).contains("Optional.empty");
    assertThat(KmsConfig.load(ConfigSources.none()).limits().toString())
        .doesNotContain("Optional.empty");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "0/s",
        "01/s",
        "-1/s",
        "1",
        "1/d",
        "1 /s",
        "1/S",
        "never",
        "1.5/s",
        "9999999999/s"
      })
  void refusesWhatIsNoRate(String text) {
    assertThatThrownBy(() -> load("per_app", text))
        .isInstanceOf(RefusalException.class)
        .hasMessageContaining("core.limits.per_app")
        .hasMessageContaining("unlimited");
  }

  @Test
  void refusesSharedAddressesThatAreNames() {
    assertThatThrownBy(() -> load("shared_addresses", "balancer"))
        .isInstanceOf(RefusalException.class)
        .hasMessageContaining("core.limits.shared_addresses");
  }
}
