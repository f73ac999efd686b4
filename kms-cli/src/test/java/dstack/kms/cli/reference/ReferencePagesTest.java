package dstack.kms.cli.reference;

import static org.assertj.core.api.Assertions.assertThat;

import dstack.kms.core.config.ConfigSources;
import dstack.kms.core.config.KmsConfig;
import dstack.kms.rpc.metrics.NodeMetrics;
import dstack.kms.testkit.ProjectRoot;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Every setting and every metric has its line in the reference, and no other has one. */
final class ReferencePagesTest {
  private static final Pattern KEY = Pattern.compile("`((?:core|rpc)\\.[A-Za-z_.]+)`");

  @Test
  void namesEverySettingOfTheProgram() throws IOException {
    String page = page("configuration.md");
    List<String> settings = settings();
    assertThat(settings).hasSizeGreaterThan(50);
    assertThat(settings).allSatisfy(key -> assertThat(page).contains("`" + key + "`"));
  }

  @Test
  void namesNoSettingThatTheProgramDoesNotHave() throws IOException {
    Matcher named = KEY.matcher(page("configuration.md"));
    List<String> settings = settings();
    assertThat(named.results().map(result -> result.group(1))).isSubsetOf(settings);
  }

  @Test
  void namesEveryMetricFamily() throws IOException {
    String page = page("metrics.md");
    List<String> families =
        new NodeMetrics()
            .text()
            .lines()
            .filter(line -> line.startsWith("# TYPE "))
            .map(line -> line.split(" ", -1)[2])
            .toList();
    assertThat(families).hasSizeGreaterThan(4);
    assertThat(families).allSatisfy(name -> assertThat(page).contains("`" + name + "`"));
  }

  private static List<String> settings() {
    return KmsConfig.load(ConfigSources.none()).explain().stream()
        .map(setting -> setting.key())
        .toList();
  }

  private static String page(String name) throws IOException {
    return Files.readString(ProjectRoot.path().resolve("docs/reference").resolve(name));
  }
}
