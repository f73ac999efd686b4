package dstack.kms.acceptance.docs;

import dstack.kms.testkit.ProjectRoot;
import dstack.kms.testkit.docs.Mark;
import dstack.kms.testkit.docs.Page;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Blocks that another test runs: that test must be there, and must say what the block says. */
final class RunElsewhere {
  /** The program and its words up to the first that is no command. */
  private static final Pattern COMMAND =
      Pattern.compile(
          "(?m)(?:^\\s*|\\$\\()(?:[A-Z_]+=\\S+ )*(?:\\./)?kms((?: [a-z][a-z-]*(?!\\S))+)");

  /** Words of the script in a checkout, which the program does not know. */
  private static final Pattern OF_THE_SCRIPT =
      Pattern.compile("test|faults|format|contracts|image|reproduce|bench");

  private RunElsewhere() {}

  /** What is wrong with the block's mark; nothing if it has another one. */
  static List<String> problems(Page.Block block) {
    if (!(block.mark() instanceof Mark.By(String name))) {
      return List.of();
    }
    Optional<String> runner = text(name);
    if (runner.isEmpty()) {
      return List.of(block.where() + ": there is no " + name);
    }
    List<String> missing = new ArrayList<>();
    if (!name.contains("/")) {
      words(block.body())
          .filter(word -> !says(runner.get(), word))
          .forEach(word -> missing.add(block.where() + ": " + name + " does not say " + word));
    }
    return missing;
  }

  /** The commands of the block, each by its last word. */
  private static Stream<String> words(String body) {
    Set<String> words = new TreeSet<>();
    COMMAND
        .matcher(body)
        .results()
        .map(result -> result.group(1).strip())
        .filter(command -> !OF_THE_SCRIPT.matcher(command).matches())
        .map(command -> command.split(" ", -1))
        .forEach(each -> words.add(each[each.length - 1]));
    return words.stream();
  }

  private static boolean says(String source, String word) {
    return Pattern.compile("\"(?:[^\"\n]* )?" + Pattern.quote(word) + "(?: [^\"\n]*)?\"")
        .matcher(source)
        .find();
  }

  /** The source of a class by its name in some module's tests, or a file of the project. */
  private static Optional<String> text(String name) {
    Path root = ProjectRoot.path();
    String file = name.contains("/") ? name : "src/test/java/" + name.replace('.', '/') + ".java";
    if (Files.isRegularFile(root.resolve(file))) {
      return Optional.of(read(root.resolve(file)));
    }
    try (Stream<Path> folders = Files.list(root)) {
      return folders
          .map(folder -> folder.resolve(file))
          .filter(Files::isRegularFile)
          .findFirst()
          .map(RunElsewhere::read);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
