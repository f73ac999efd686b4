package dstack.kms.cli.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dstack.kms.core.config.ConfigRefusal;
import dstack.kms.core.config.ConfigSources;
import dstack.kms.core.config.KmsConfig;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.testkit.ProjectRoot;
import dstack.kms.testkit.docs.Page;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tomlj.Toml;
import org.tomlj.TomlParseResult;

/** Settings, variables and methods on the pages are ones that the program has. */
final class DocumentedNamesTest {
  private static final Pattern VARIABLE = Pattern.compile("\\bKMS_[A-Z0-9_]*[A-Z0-9]\\b(?![*…])");
  private static final Pattern METHOD = Pattern.compile("/prpc/([A-Za-z]+\\.)?([A-Za-z]+)");
  private static final Pattern DECLARED =
      Pattern.compile("(?:RpcMethod\\.of|changing)\\(\\s*\"(\\w+)\"");
  private static final Set<String> SERVICES = Set.of("KMS.", "Onboard.", "Admin.");

  @Test
  void knowsEverySettingOfEveryTomlBlock(TestReporter reporter) {
    List<Page.Block> blocks = blocks().filter(Page.Block::isToml).toList();
    assertThat(blocks).hasSizeGreaterThan(6);
    List<String> unknown =
        blocks.stream()
            .flatMap(
                block ->
                    unknownSettings(block.body()).stream().map(key -> block.where() + ": " + key))
            .toList();
    reporter.publishEntry("toml blocks", String.valueOf(blocks.size()));

    assertThat(unknown).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[core]\nsit_name = \"x\"",
        "[core.auth_api]\nwebhook.uri = \"http://a\"",
        "[rpc]\nports = 1",
        "[kore]\nsite_name = \"x\"",
        "[core\nsite_name = \"x\"",
      })
  void findsASettingThatTheProgramDoesNotHave(String toml) {
    assertThat(unknownSettings(toml)).hasSize(1);
  }

  @Test
  void knowsEveryVariable() throws IOException {
    Set<String> known = new TreeSet<>(read());
    KmsConfig.load(ConfigSources.none())
        .explain()
        .forEach(
            setting ->
                known.add("KMS_" + setting.key().toUpperCase(Locale.ROOT).replace('.', '_')));
    Set<String> named =
        Page.all().stream()
            .flatMap(page -> VARIABLE.matcher(page.text()).results())
            .map(result -> result.group())
            .collect(Collectors.toCollection(TreeSet::new));

    assertThat(named).hasSizeGreaterThan(8);
    assertThat(known).containsAll(named);
  }

  @Test
  void callsOnlyMethodsThatAListenerHas() throws IOException {
    Set<String> declared = new TreeSet<>();
    for (String module : List.of("kms-rpc", "kms-onboard")) {
      for (Path file : files(module + "/src/main/java")) {
        DECLARED
            .matcher(Files.readString(file))
            .results()
            .forEach(result -> declared.add(result.group(1)));
      }
    }
    List<String> unknown =
        blocks()
            .filter(Page.Block::isShell)
            .flatMap(
                block ->
                    METHOD
                        .matcher(block.body())
                        .results()
                        .filter(result -> !isAnswered(result, declared))
                        .map(result -> block.where() + ": " + result.group()))
            .toList();

    assertThat(declared).contains("GetAppKey", "GetMeta", "SignCert", "Bootstrap", "Onboard");
    assertThat(unknown).isEmpty();
  }

  private static boolean isAnswered(MatchResult method, Set<String> declared) {
    String service = method.group(1);
    return declared.contains(method.group(2)) && (service == null || SERVICES.contains(service));
  }

  private static List<String> unknownSettings(String text) {
    TomlParseResult toml = Toml.parse(text);
    if (toml.hasErrors()) {
      return List.of(toml.errors().getFirst().toString());
    }
    return toml.dottedKeySet().stream().filter(DocumentedNamesTest::isUnknown).toList();
  }

  /** Whatever else is wrong with the value: a key that is not known has its own refusal. */
  private static boolean isUnknown(String key) {
    try {
      KmsConfig.load(ConfigSources.none().withFlags(Map.of(key, "no such value")));
      return false;
    } catch (RefusalException refused) {
      return refused.code() == ConfigRefusal.UNKNOWN_KEY;
    }
  }

  /** The variables that stand in a program, a script, or a file that is deployed. */
  private static Set<String> read() throws IOException {
    Set<String> read = new TreeSet<>();
    List<Path> files = files("deploy");
    try (Stream<Path> modules = Files.list(ProjectRoot.path())) {
      for (Path module : modules.filter(each -> name(each).startsWith("kms-")).toList()) {
        files = concat(files, files(name(module) + "/src/main"));
      }
    }
    for (Path file : concat(concat(files, files("build", 1)), List.of(root("kms")))) {
      VARIABLE.matcher(Files.readString(file)).results().forEach(each -> read.add(each.group()));
    }
    return read;
  }

  private static List<Path> concat(List<Path> some, List<Path> others) {
    return Stream.concat(some.stream(), others.stream()).toList();
  }

  private static List<Path> files(String folder) {
    return files(folder, Integer.MAX_VALUE);
  }

  private static List<Path> files(String folder, int depth) {
    if (!Files.isDirectory(root(folder))) {
      return List.of();
    }
    try (Stream<Path> files = Files.walk(root(folder), depth)) {
      return files.filter(Files::isRegularFile).filter(DocumentedNamesTest::isText).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean isText(Path file) {
    return name(file).matches("[a-z-]+|.*\\.(?:java|sh|yaml|toml|md|conf|service)");
  }

  private static String name(Path file) {
    return String.valueOf(file.getFileName());
  }

  private static Path root(String path) {
    return ProjectRoot.path().resolve(path);
  }

  private static Stream<Page.Block> blocks() {
    return Page.all().stream().flatMap(page -> page.blocks().stream());
  }
}
