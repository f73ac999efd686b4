package dstack.kms.core.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ImageConfigTest {
  private static KmsConfig load(String... pairs) {
    Map<String, String> flags = new HashMap<>();
    for (int i = 0; i < pairs.length; i += 2) {
      flags.put(pairs[i], pairs[i + 1]);
    }
    return KmsConfig.load(ConfigSources.none().withFlags(flags));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://localhost:8000/{OS_IMAGE_HASH}.tar.gz",
        "http://127.0.0.1/x",
        "http://images/{OS_IMAGE_HASH}",
        "http://10.0.0.1:80/{OS_IMAGE_HASH}",
        "https://download.example.org/mr_{OS_IMAGE_HASH}.tar.gz",
        "https://download.example.org/get?image={OS_IMAGE_HASH}&form=tar"
      })
  void takesWhereImagesLie(String url) {
    KmsConfig config = load("core.image.download_url", url);

    assertThat(config.image().downloadUrl()).isEqualTo(url);
    assertThat(config.weakenings()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "ftp://x/{OS_IMAGE_HASH}, must be a URL that starts with",
    "/srv/{OS_IMAGE_HASH}, must be a URL",
    "https:///{OS_IMAGE_HASH}, must be a URL",
    "https://h/{OTHER}, must be a URL",
    "https://h/x#{OS_IMAGE_HASH}, without a query or a fragment",
    "https://me:pw@h/{OS_IMAGE_HASH}, must be a URL without credentials"
  })
  void refusesAnAddressThatIsNone(String url, String text) {
    assertThatThrownBy(() -> load("core.image.download_url", url))
        .hasMessageContaining("core.image.download_url: ")
        .hasMessageContaining(text)
        .hasMessageNotContaining("pw");
  }

  @Test
  void refusesPlainHttpToAPublicHostAndImagesThatNobodyVerifies() {
    String url = "http://images.example.org/{OS_IMAGE_HASH}";

    assertThatThrownBy(() -> load("core.image.download_url", url))
        .hasMessageContaining("core.image.download_url (flag) weakens this server");
    assertThatThrownBy(() -> load("core.image.download_url", url, "core.image.verify", "false"))
        .hasMessageContaining("core.image.verify (flag) weakens this server");
  }

  @Test
  void saysWhichGuestsAreRefused() {
    assertThat(load().warnings())
        .anyMatch(line -> line.startsWith("core.image.acpi_tables_program is not set"));
    assertThat(load("core.image.rtmr0", "measured-acpi").warnings())
        .anyMatch(line -> line.startsWith("core.image.rtmr0 = \"measured-acpi\""));
    assertThat(load("core.image.acpi_tables_program", "/opt/acpi").warnings())
        .noneMatch(line -> line.startsWith("core.image"));
    assertThat(load("core.image.verify", "false", "core.insecure_development", "true").warnings())
        .noneMatch(line -> line.contains("acpi"));
  }

  @Test
  void refusesToChooseBetweenTheProgramAndTheMeasuredTables() {
    assertThatThrownBy(
            () ->
                load(
                    "core.image.rtmr0",
                    "measured-acpi",
                    "core.image.acpi_tables_program",
                    "/opt/acpi"))
        .hasMessageContaining("leave one of them out");
    assertThatThrownBy(() -> load("core.image.acpi_tables_program", "acpi"))
        .hasMessageContaining("must be an absolute path");
    assertThatThrownBy(() -> load("core.image.rtmr0", "skipped"))
        .hasMessageContaining("must be one of recomputed, measured-acpi");
    assertThatThrownBy(() -> load("core.image.max_size", "3GiB"))
        .hasMessageContaining("must be between 0 and 2147483647");
  }
}
