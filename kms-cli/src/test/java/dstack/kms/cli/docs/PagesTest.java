package dstack.kms.cli.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dstack.kms.cli.CommandModel;
import dstack.kms.testkit.ProjectRoot;
import dstack.kms.testkit.docs.Page;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** The pages name what there is, all of it, and lead to each other. */
final class PagesTest {
  private static final Pattern HEADING = Pattern.compile("(?m)^#{1,6} (.+)$");
  private static final Pattern ANCHOR = Pattern.compile("\\]\\(([^)#:\\s]*)#([^)\\s]+)\\)");
  private static final Pattern LINK = Pattern.compile("]\\(([^)#\\s]+)(?:#[^)]*)?\\)");

  private static final Pattern OPTION = Pattern.compile("--[a-z][a-z0-9-]*");

  /** Of docker, and of deploy/nitro/run-enclave. */
  private static final Set<String> OF_OTHERS = Set.of("--user", "--show-mrs");

  /** Words of the entry script stand where commands of the program stand. */
  private static final Set<String> SCRIPT =
      Set.of("test", "faults", "format", "contracts", "image", "reproduce", "bench");

  @Test
  void namesInProseOnlyCommandsAndOptionsThatThereAre() {
    List<String> spans =
        Page.all().stream()
            .flatMap(
                page ->
                    page.spans().stream()
                        .filter(Synopsis::isOurs)
                        .filter(span -> !SCRIPT.contains(span.split(" ", -1)[1]))
                        .flatMap(
                            span ->
                                Synopsis.of(span).problems().stream()
                                    .map(problem -> page.path() + ": " + problem)))
            .toList();

    assertThat(spans).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "kms sreve [-c FILE]",
        "kms verify qote FILE",
        "kms gov image|mrs add HASH",
        "kms backup create --out DIR [--jsn]",
      })
  void findsAWrongWordInProse(String span) {
    assertThat(Synopsis.of(span).problems()).hasSize(1);
  }

  @Test
  void namesInProseOnlyOptionsThatSomeCommandHas() throws IOException {
    Set<String> options = new TreeSet<>(OF_OTHERS);
    options(CommandModel.fresh(), options);
    String image = Files.readString(ProjectRoot.path().resolve("build/image.sh"));
    List<String> unknown =
        Page.all().stream()
            .filter(page -> !page.path().startsWith("docs/adr/"))
            .flatMap(
                page ->
                    page.spans().stream()
                        .filter(span -> OPTION.matcher(span).lookingAt())
                        .map(span -> firstOption(span))
                        .filter(name -> !options.contains(name) && !image.contains(name))
                        .map(name -> page.path() + ": " + name))
            .toList();

    assertThat(unknown).isEmpty();
  }

  @Test
  void hasEveryCommandInTheReference() {
    Set<String> named =
        Page.of("docs/reference/command-line.md").spans().stream()
            .filter(Synopsis::isOurs)
            .flatMap(span -> Synopsis.of(span).commands().stream())
            .collect(Collectors.toCollection(TreeSet::new));
    Set<String> all = new TreeSet<>();
    leaves(CommandModel.fresh(), all);

    assertThat(all).hasSizeGreaterThan(50);
    assertThat(named).containsAll(all);
  }

  @Test
  void namesEveryCommandOnTheFirstPage() {
    List<String> spans = Page.of("README.md").spans();
    assertThat(spans).containsAll(CommandModel.fresh().getSubcommands().keySet());
  }

  @Test
  void leadsOnlyToFilesThatAreThere() {
    List<String> dead =
        Page.all().stream()
            .flatMap(
                page ->
                    links(page).stream()
                        .filter(link -> !Files.exists(link))
                        .map(link -> page.path() + " -> " + link))
            .toList();

    assertThat(dead).isEmpty();
  }

  @Test
  void leadsOnlyToHeadingsThatAreThere() {
    List<String> dead = new ArrayList<>();
    for (Page page : Page.all()) {
      for (MatchResult link : ANCHOR.matcher(page.text()).results().toList()) {
        Path target = folder(page).resolve(link.group(1)).normalize();
        Path file = link.group(1).isEmpty() ? ProjectRoot.path().resolve(page.path()) : target;
        Page other = Page.of(ProjectRoot.path().relativize(file).toString());
        if (!headings(other).contains(link.group(2))) {
          dead.add(page.path() + " -> " + link.group());
        }
      }
    }

    assertThat(dead).isEmpty();
  }

  /** As the usual renderers name them: letters, digits, and hyphens for spaces. */
  private static Set<String> headings(Page page) {
    return HEADING
        .matcher(page.text())
        .results()
        .map(heading -> heading.group(1).strip().toLowerCase(Locale.ROOT))
        .map(heading -> heading.replaceAll("[^\\p{L}\\p{N} _-]", "").replace(' ', '-'))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  @Test
  void leadsFromTheIndexToEveryPage() {
    Set<Path> reached = new TreeSet<>(links(Page.of("docs/README.md")));
    reached.addAll(links(Page.of("docs/adr/README.md")));
    List<Path> pages =
        Page.all().stream()
            .map(Page::path)
            .filter(path -> path.startsWith("docs/") && !path.equals("docs/README.md"))
            .map(path -> ProjectRoot.path().resolve(path))
            .toList();

    assertThat(pages).hasSizeGreaterThan(40);
    assertThat(reached).containsAll(pages);
  }

  private static Path folder(Page page) {
    return Objects.requireNonNull(ProjectRoot.path().resolve(page.path()).getParent());
  }

  private static List<Path> links(Page page) {
    Path folder = folder(page);
    return LINK.matcher(page.text())
        .results()
        .map(result -> result.group(1))
        .filter(target -> !target.contains("://"))
        .map(target -> folder.resolve(target).normalize())
        .toList();
  }

  private static String firstOption(String span) {
    return OPTION.matcher(span).results().map(MatchResult::group).findFirst().orElse(span);
  }

  private static void options(CommandLine command, Set<String> found) {
    found.addAll(command.getCommandSpec().optionsMap().keySet());
    command.getSubcommands().values().forEach(sub -> options(sub, found));
  }

  private static void leaves(CommandLine command, Set<String> found) {
    if (command.getSubcommands().isEmpty()) {
      found.add(command.getCommandSpec().qualifiedName());
    }
    command.getSubcommands().values().forEach(sub -> leaves(sub, found));
  }
}
