package dstack.kms.onboard.node;

import static org.assertj.core.api.Assertions.assertThat;

import dstack.kms.onboard.testing.Curl;
import dstack.kms.onboard.testing.Eventually;
import dstack.kms.onboard.testing.TestNode;
import dstack.kms.testkit.ProjectRoot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The reference names exactly what running nodes show, with its type and its labels. */
@Timeout(120)
final class MetricsReferenceTest {
  private static final Pattern ROW =
      Pattern.compile("(?m)^\\| `([a-z_]+)` \\| (counter|gauge|histogram) \\| ([^|]+) \\|");
  private static final Pattern TYPE = Pattern.compile("(?m)^# TYPE (\\S+) (\\S+)$");
  private static final Pattern LABEL = Pattern.compile("([a-z_]+)=\"");

  @TempDir private Path folder;

  private static String page() throws IOException {
    String whole = Files.readString(ProjectRoot.path().resolve("docs/reference/metrics.md"));
    return whole.split("\n## Of `kms gov watch", -1)[0];
  }

  private static String metrics(NodeRunner node) {
    return Curl.run(TestNode.operations(node, "/metrics")).body();
  }

  /** What a serving node and one that asks its peers for keys show together. */
  private String shown() throws IOException {
    try (TestNode serving = TestNode.in(Files.createDirectory(folder.resolve("a")));
        TestNode empty = TestNode.beside(serving, Files.createDirectory(folder.resolve("b")));
        NodeRunner first =
            serving.start(
                Map.of(
                    "core.onboard.auto_bootstrap_domain", "127.0.0.1",
                    "core.telemetry.otlp_endpoint", "http://127.0.0.1:1"));
        NodeRunner second =
            empty.start(
                Map.of(
                    "core.onboard.peers", "https://127.0.0.1:1",
                    "core.onboard.domain", "127.0.0.1"))) {
      Curl.run("-k", serving.https("/prpc/GetAppEnvEncryptPubKey?app_id=00"));
      Eventually.holds("an attempt", () -> metrics(second).contains("kms_peer_attempts_total{"));
      return metrics(first) + metrics(second);
    }
  }

  @Test
  void namesEveryMetricWithItsTypeAndLabelsAndNoOther() throws IOException {
    String shown = shown();
    Map<String, String> documented =
        ROW.matcher(page())
            .results()
            .collect(Collectors.toMap(row -> row.group(1), row -> row.group(2)));
    Map<String, String> real =
        TYPE.matcher(shown)
            .results()
            .collect(
                Collectors.toMap(
                    type -> type.group(1), type -> type.group(2), (one, _) -> one, TreeMap::new));

    assertThat(new TreeMap<>(documented)).isEqualTo(real);
    ROW.matcher(page())
        .results()
        .filter(row -> !row.group(1).startsWith("kms_chain_")) // this authority reads no chain
        .forEach(row -> assertThat(labels(shown, row.group(1))).isEqualTo(named(row.group(3))));
  }

  /** What the page says of the main listener, which anybody can ask. */
  @Test
  void theMainListenerShowsTheTwoSeriesOfTheOriginalAlone() throws IOException {
    try (TestNode serving = TestNode.in(folder);
        NodeRunner node =
            serving.start(Map.of("core.onboard.auto_bootstrap_domain", "127.0.0.1"))) {
      Matcher names = TYPE.matcher(Curl.run("-k", serving.https("/metrics")).body());
      assertThat(names.results().map(name -> name.group(1)))
          .containsExactly(
              "dstack_kms_attestation_requests_total", "dstack_kms_attestation_failures_total");
      assertThat(metrics(node)).contains("\nkms_requests_total{");
    }
  }

  /** The label names of a family's samples; those of the format itself do not count. */
  private static SortedSet<String> labels(String shown, String family) {
    TreeSet<String> names = new TreeSet<>();
    shown
        .lines()
        .filter(line -> line.matches(family + "(_bucket|_sum|_count)?[{ ].*"))
        .forEach(
            line -> LABEL.matcher(line).results().map(label -> label.group(1)).forEach(names::add));
    names.remove("le");
    assertThat(shown).as("a sample of " + family).containsPattern("(?m)^" + family + "(_sum)?[{ ]");
    return names;
  }

  /** {@code `a`, `b` (`x`, `y`)} names a and b. */
  private static SortedSet<String> named(String cell) {
    return Pattern.compile("`([a-z]+)`")
        .matcher(cell.replaceAll("\\([^)]*\\)", ""))
        .results()
        .map(name -> name.group(1))
        .collect(Collectors.toCollection(TreeSet::new));
  }
}
