package dstack.kms.cli.explain;

import static org.assertj.core.api.Assertions.assertThat;

import dstack.kms.cli.Run;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What is missing is named in order, and typing what was printed makes it allowed. */
final class ExplainCommandTest {
  @TempDir Path folder;
  private ExplainBench bench;

  @BeforeEach
  void start() throws IOException {
    bench = new ExplainBench(folder);
  }

  @AfterEach
  void stop() throws IOException {
    bench.close();
  }

  @Test
  void theCommandsThatItPrintsAboutANodeMakeTheNodeAllowed() throws IOException {
    Run before = bench.run("explain", bench.evidence(), "--kms", "--json");
    assertThat(before.status()).as(before.err()).isEqualTo(1);
    JsonNode answer = json(before);
    assertThat(answer.get("reason").stringValue()).isEqualTo("OS image is not allowed");
    assertThat(rules(answer)).containsExactly("image", "mr", "device");
    answer.get("missing").forEach(each -> bench.type(each.get("command").stringValue()));
    Run after = bench.run("explain", bench.evidence(), "--kms", "--json");
    assertThat(after.status()).as(after.out()).isZero();
    assertThat(json(after).get("missing").isEmpty()).isTrue();
  }

  @Test
  void tellsAPersonWhatAnAppLacksAndHowToChangeIt() throws IOException {
    Run run = bench.run("explain", bench.evidence());
    assertThat(run.status()).isEqualTo(1);
    assertThat(run.out())
        .contains(
            "not allowed: App not registered",
            "  1. App not registered: no app of that id is registered",
            "     kms gov app register 0x",
            "  3. App not deployed or invalid address: there is no contract at the app's id");
  }

  @Test
  void thePreflightOfAMachineNamesTheSameAndIsReadyAfterwards() {
    Run before = bench.run("preflight", "--json");
    assertThat(before.status()).as(before.err()).isEqualTo(1);
    JsonNode answer = json(before);
    assertThat(answer.get("ready").booleanValue()).isFalse();
    assertThat(rules(answer)).containsExactly("image", "mr", "device");
    answer.get("missing").forEach(each -> bench.type(each.get("command").stringValue()));
    Run after = bench.run("preflight");
    assertThat(after.status()).as(after.out()).isZero();
    assertThat(after.out())
        .contains("ok      Does the authority allow this machine")
        .doesNotContain("NO ");
  }

  @Test
  void refusesEvidenceThatIsNone() {
    Run run = bench.run("explain", folder.resolve("agent.none").toString());
    assertThat(run.status()).isEqualTo(2);
    assertThat(run.err()).contains("no such file").doesNotContain("\tat ");
  }

  @Test
  void saysWhoDoesNotAnswerWhereTheChainIsGone() throws IOException {
    bench.stopChain();
    Run explain = bench.run("explain", bench.evidence(), "--kms");
    assertThat(explain.status()).as(explain.err()).isEqualTo(3);
    Run preflight = bench.run("preflight");
    assertThat(preflight.status()).isEqualTo(1);
    assertThat(preflight.out()).contains("NO      Does the authority answer?");
  }

  private static List<String> rules(JsonNode answer) {
    return answer.get("missing").valueStream().map(each -> each.get("rule").stringValue()).toList();
  }

  private static JsonNode json(Run run) {
    return JsonMapper.shared().readTree(run.out());
  }
}
