package dstack.kms.core.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dstack.kms.core.refusal.RefusalException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The devices' paths and the variables by which the original knows them. */
class DeviceConfigTest {
  @ParameterizedTest
  @EnumSource
  void knowsEverySourceByItsWord(QuoteSourceKind kind) {
    assertThat(load(Map.of("core.quote_source", kind.word()), Map.of()).quoteSource())
        .isEqualTo(kind);
    assertThat(Arrays.stream(QuoteSourceKind.values()).map(QuoteSourceKind::word))
        .containsExactly("agent", "tdx", "gcp-tdx", "nitro", "nitro-tpm", "sev-snp");
  }

  @ParameterizedTest
  @ValueSource(strings = {"TDX", "snp", "", "auto", "simulator"})
  void refusesEveryOtherSource(String word) {
    assertThatThrownBy(() -> load(Map.of("core.quote_source", word), Map.of()))
        .isInstanceOf(RefusalException.class)
        .hasMessageContaining("core.quote_source");
  }

  @ParameterizedTest
  @CsvSource({
    "DCAP_TDX_QUOTE_CONFIGFS_PATH, core.device.configfs_entry",
    "DCAP_TDX_RTMR_SYSFS_PATH, core.device.rtmr",
    "DSTACK_CCEL_FILE, core.device.ccel",
    "DSTACK_HOST_SHARED_DIR, core.device.host_shared",
  })
  void takesAPathFromTheOriginalsVariable(String variable, String key) {
    Setting setting =
        load(Map.of(), Map.of(variable, "/over/ride")).explain().stream()
            .filter(each -> each.key().equals(key))
            .findFirst()
            .orElseThrow();

    assertThat(setting).isEqualTo(new Setting(key, "/over/ride", variable));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "DCAP_TDX_QUOTE_CONFIGFS_PATH",
        "DCAP_TDX_RTMR_SYSFS_PATH",
        "DSTACK_CCEL_FILE",
        "DSTACK_HOST_SHARED_DIR"
      })
  void refusesAnEmptyOrRelativeVariable(String variable) {
    assertThatThrownBy(() -> load(Map.of(), Map.of(variable, "")))
        .hasMessage("empty path override from " + variable);
    assertThatThrownBy(() -> load(Map.of(), Map.of(variable, "a/b")))
        .hasMessage("path override from " + variable + " must be absolute: a/b");
    assertThatThrownBy(() -> load(Map.of(), Map.of(variable, "/a\0b")))
        .isInstanceOf(RefusalException.class);
  }

  @Test
  void prefersAFlagToTheOriginalsVariable() {
    KmsConfig config =
        load(Map.of("core.device.ccel", "/flag"), Map.of("DSTACK_CCEL_FILE", "/variable"));

    assertThat(config.device().ccel()).isEqualTo(Path.of("/flag"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"configfs", "tdx_guest", "nsm", "sev_guest", "tpm_log", "dmi", "ccel"})
  void refusesARelativeOrEmptyPath(String name) {
    for (String text : new String[] {"relative/path", ""}) {
      assertThatThrownBy(() -> load(Map.of("core.device." + name, text), Map.of()))
          .isInstanceOf(RefusalException.class)
          .hasMessageContaining("must be a path that begins with /");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"00", "zz112233445566778899aabbccddeeff00112233", "0x00"})
  void refusesAnAppIdOfAnotherForm(String digits) {
    assertThatThrownBy(() -> load(Map.of("core.device.nitro_app_id", digits), Map.of()))
        .isInstanceOf(RefusalException.class)
        .hasMessageContaining("must be 40 hexadecimal digits");
  }

  private static KmsConfig load(Map<String, String> flags, Map<String, String> environment) {
    return KmsConfig.load(ConfigSources.none().withFlags(flags).withEnvironment(environment));
  }
}
