package dstack.kms.acceptance.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dstack.kms.testkit.docs.Mark;
import dstack.kms.testkit.docs.Page;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a page tells to type works as it stands, in the order of the page. */
final class DocumentationTest {
  private static final Set<String> SHARED =
      Set.of(
          "reader.sh",
          "chain.sh",
          "chain-with-safe.sh",
          "deployed.sh",
          "machine.sh",
          "two-nodes.sh");

  private static final ExecutorService READERS = Executors.newFixedThreadPool(2);
  private static final Map<String, Future<Typed>> RUNS = new HashMap<>();

  private record Typed(int blocks, Duration took) {}

  /** Every page that has something to type, by its path. */
  static Stream<String> pages() {
    return Page.all().stream()
        .filter(page -> page.blocks().stream().anyMatch(DocumentationTest::isTyped))
        .map(Page::path);
  }

  private static boolean isTyped(Page.Block block) {
    return switch (block.mark()) {
      case Mark.Run _, Mark.Interrupt _, Mark.Answered _, Mark.Background _ -> true;
      case Mark.Output _, Mark.Yours _, Mark.Written _, Mark.By _, Mark.Elsewhere _, Mark.None _ ->
          false;
    };
  }

  /** Two readers at once, as one alone mostly waits. */
  @BeforeAll
  static void begin() {
    pages().forEach(path -> RUNS.put(path, READERS.submit(() -> typed(path))));
  }

  private static Typed typed(String path) {
    long begun = System.nanoTime();
    int blocks = PageRun.of(Page.of(path));
    return new Typed(blocks, Duration.ofNanos(System.nanoTime() - begun));
  }

  @AfterAll
  static void end() {
    READERS.shutdownNow();
  }

  @ParameterizedTest
  @MethodSource("pages")
  void worksAsWritten(String path, TestReporter reporter) throws Throwable {
    try {
      Typed typed = Objects.requireNonNull(RUNS.get(path)).get();
      reporter.publishEntry(path, typed.blocks() + " blocks in " + typed.took().toSeconds() + " s");
      assertThat(typed.blocks()).isPositive();
    } catch (ExecutionException e) {
      throw Objects.requireNonNull(e.getCause());
    }
  }

  @Test
  void leavesNoBlockWithoutAWordOnWhoRunsIt() {
    assertThat(
            blocks()
                .filter(Page.Block::isShell)
                .filter(block -> block.mark() instanceof Mark.None)
                .map(block -> block.where() + " has no mark"))
        .isEmpty();
  }

  /** A block of commands under another name would be typed by nobody. */
  @Test
  void hasNoBlockOfALanguageInWhichCommandsCouldHide() {
    Set<String> known = Set.of("", "sh", "bash", "toml", "json", "yaml", "java", "text");
    assertThat(
            blocks()
                .filter(block -> !known.contains(block.language()))
                .map(block -> block.where() + ": " + block.language()))
        .isEmpty();
    assertThat(
            blocks()
                .filter(block -> block.language().equals("text"))
                .map(Page.Block::body)
                .filter(body -> body.contains("kms ") || body.contains("curl ")))
        .isEmpty();
  }

  @Test
  void namesOnlyTestsThatSayTheSameCommands() {
    assertThat(blocks().flatMap(block -> RunElsewhere.problems(block).stream())).isEmpty();
  }

  @Test
  void keepsNoScriptOfAPageThatIsGone() throws IOException {
    Set<String> known = new TreeSet<>(SHARED);
    Page.all().forEach(page -> known.add(Reader.script(page)));
    try (Stream<Path> scripts = Files.list(Reader.SCRIPTS)) {
      assertThat(scripts.map(each -> each.getFileName().toString())).isSubsetOf(known);
    }
  }

  private static Stream<Page.Block> blocks() {
    return Page.all().stream().flatMap(page -> page.blocks().stream());
  }
}
