package dstack.kms.cli.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dstack.kms.testkit.ProjectRoot;
import dstack.kms.testkit.docs.Mark;
import dstack.kms.testkit.docs.Page;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every command in a block of the pages is one that the program takes. */
final class DocumentedCommandsTest {
  private static final Set<String> ELSEWHERE =
      Set.of(
          "gcloud",
          "dstack-cloud",
          "aws",
          "nitro-cli",
          "kubectl",
          "helm",
          "docker",
          "skopeo",
          "dnf",
          "systemctl",
          "./deploy/nitro/build-image",
          "./deploy/nitro/run-enclave");

  private static final String MARK = Mark.ELSEWHERE;

  private static final Pattern SCRIPT_WORD = Pattern.compile("(?m)^  ([a-z]+)\\)");

  @Test
  void takesEveryCommandOfThePages(TestReporter reporter) throws IOException {
    Set<String> ofTheScript = wordsOfTheScript();
    List<TypedCommand> ours = typed().flatMap(each -> each.ofOurs().stream()).toList();
    List<TypedCommand> parsed =
        ours.stream()
            .filter(
                each ->
                    !each.program().equals("./kms")
                        || each.words().size() < 2
                        || !ofTheScript.contains(each.words().get(1)))
            .toList();
    long marked = blocks().filter(DocumentedCommandsTest::isMarked).count();
    reporter.publishEntry(
        "documented commands",
        "%d parsed, %d of ./kms itself, %d blocks marked as not run"
            .formatted(parsed.size(), ours.size() - parsed.size(), marked));

    assertThat(parsed).hasSizeGreaterThan(70);
    assertThat(parsed.stream().flatMap(each -> CommandCheck.problem(each).stream())).isEmpty();
  }

  @Test
  void marksTheBlocksThatNeedWhatATestDoesNotHaveAndNoOthers() {
    List<String> wrong =
        blocks()
            .filter(Page.Block::isShell)
            .filter(block -> isMarked(block) != needsElsewhere(block))
            .map(block -> block.where() + (isMarked(block) ? " is marked" : " lacks ") + MARK)
            .toList();

    assertThat(wrong).isEmpty();
  }

  @Test
  void callsOnlyScriptsThatAreHere() {
    List<String> missing =
        typed()
            .filter(each -> each.program().matches("(?:\\./)?(?:deploy|build)/.*"))
            .filter(each -> !Files.isExecutable(ProjectRoot.path().resolve(each.program())))
            .map(TypedCommand::toString)
            .toList();

    assertThat(missing).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "kms sreve -c kms.toml",
        "kms verify",
        "kms verify quote",
        "kms verify quote quote.bin --colateral c.json",
        "kms verify quote quote.bin one-too-many.bin",
        "kms gov deploy --model d",
        "kms attest -o FILE",
        "A=b sudo ./kms statsu | jq .",
        "echo \"$(kms audit heda DIR)\"",
        "kms get-keys --kms-url https://a --app-idd 00 …",
        "docker run IMAGE kms dev --chekc",
        "./kms verify quote quote.bin \\\n  --pcs https://pccs.example",
      })
  void findsACommandThatTheProgramDoesNotTake(String line) {
    List<TypedCommand> ours =
        ShellScript.commands(line).stream()
            .map(words -> TypedCommand.of("here", words))
            .flatMap(each -> each.ofOurs().stream())
            .toList();

    assertThat(ours).hasSize(1);
    assertThat(CommandCheck.problem(ours.getFirst())).isPresent();
  }

  private static boolean isMarked(Page.Block block) {
    return block.mark() instanceof Mark.Elsewhere;
  }

  private static boolean needsElsewhere(Page.Block block) {
    return commands(block).map(TypedCommand::program).anyMatch(ELSEWHERE::contains)
        || block.body().contains("https://api.datadoghq.com/");
  }

  private static Stream<Page.Block> blocks() {
    return Page.all().stream().flatMap(page -> page.blocks().stream());
  }

  private static Stream<TypedCommand> typed() {
    return blocks().filter(Page.Block::isShell).flatMap(DocumentedCommandsTest::commands);
  }

  private static Stream<TypedCommand> commands(Page.Block block) {
    return ShellScript.commands(block.typed()).stream()
        .map(words -> TypedCommand.of(block.where(), words));
  }

  private static Set<String> wordsOfTheScript() throws IOException {
    return SCRIPT_WORD
        .matcher(Files.readString(ProjectRoot.path().resolve("kms")))
        .results()
        .map(result -> result.group(1))
        .collect(Collectors.toSet());
  }
}
