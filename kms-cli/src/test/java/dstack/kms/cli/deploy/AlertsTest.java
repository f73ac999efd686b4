package dstack.kms.cli.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import dstack.kms.cli.deploy.Prometheus.Said;
import dstack.kms.testkit.ProjectRoot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Prometheus itself reads the shipped alerts and says what they fire on. */
final class AlertsTest {
  private static final Path FOLDER = ProjectRoot.path().resolve("deploy/prometheus");
  private static final Path ALERTS = FOLDER.resolve("alerts.yaml");
  private static final Pattern NAME = Pattern.compile("\\b(?:dstack_)?kms_[a-z_]+\\b");

  @TempDir private Path folder;

  private Said tested(String alerts) throws Exception {
    Files.writeString(folder.resolve("alerts.yaml"), alerts);
    Path tests = folder.resolve("alerts.test.yaml");
    Files.copy(FOLDER.resolve("alerts.test.yaml"), tests);
    return Prometheus.promtool("", "test", "rules", tests.toString());
  }

  private static Set<String> alerts(String text, String before) {
    return Pattern.compile(before + "(Kms\\w+)")
        .matcher(text)
        .results()
        .map(found -> found.group(1))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  @Test
  void areValidAndPartOfAValidConfiguration() throws Exception {
    Said rules = Prometheus.promtool("", "check", "rules", ALERTS.toString());
    assertThat(rules.status()).as(rules.text()).isZero();
    Said config =
        Prometheus.promtool("", "check", "config", FOLDER.resolve("prometheus.yaml").toString());
    assertThat(config.status()).as(config.text()).isZero();
  }

  @Test
  void fireAndStayQuietAsTheirTestsSay() throws Exception {
    Said said = tested(Files.readString(ALERTS));
    assertThat(said.status()).as(said.text()).isZero();
  }

  @Test
  void haveEachATestOfBoth() throws IOException {
    String tests = Files.readString(FOLDER.resolve("alerts.test.yaml"));
    Set<String> all = alerts(Files.readString(ALERTS), "alert: ");
    assertThat(all).hasSizeGreaterThan(15);
    for (String alert : all) {
      assertThat(tests).contains("name: " + alert + " fires", "name: " + alert + " stays quiet");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "kms_self_allowed{job=\"kms\"} == 0,kms_self_allowed{job=\"kms\"} == 1",
    "kms_audit_directories_failed{job=\"kms\"} > 0,kms_audit_directories_failed{job=\"kms\"} > 9",
    "3 * 86400,1 * 86400",
    "kind=\"kms-key\",kind=\"app-key\"",
  })
  void failTheirTestsWithAMistake(String from, String to) throws Exception {
    String alerts = Files.readString(ALERTS);
    assertThat(alerts).contains(from);
    assertThat(tested(alerts.replace(from, to)).status()).isNotZero();
  }

  @Test
  void askOnlyForMetricsThatTheReferenceNames() throws IOException {
    String page = Files.readString(ProjectRoot.path().resolve("docs/reference/metrics.md"));
    Set<String> asked =
        NAME.matcher(Files.readString(ALERTS))
            .results()
            .map(name -> name.group().replaceAll("_bucket$", ""))
            .collect(Collectors.toCollection(TreeSet::new));
    assertThat(asked)
        .hasSizeGreaterThan(10)
        .allSatisfy(name -> assertThat(page).contains("| `" + name + "` |"));
  }
}
