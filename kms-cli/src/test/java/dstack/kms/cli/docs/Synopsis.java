package dstack.kms.cli.docs;

import dstack.kms.cli.CommandModel;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import picocli.CommandLine;

/**
 * A command as prose names it, {@code kms gov image|mr add HASH [--dry-run]…}: what it has of
 * commands and options must be there, what the reader puts in does not count.
 */
final class Synopsis {
  private static final Pattern OURS = Pattern.compile("(?:\\./)?(?:dstack-)?kms (.+)");
  private static final Pattern COMMAND = Pattern.compile("[a-z][a-z-]+");
  private static final Pattern OPTION = Pattern.compile("-[A-Za-z]|--[a-z0-9][a-z0-9-]*");

  private static final CommandLine PROGRAM = CommandModel.fresh();

  private final String text;
  private final List<String> problems = new ArrayList<>();
  private final Set<String> commands = new TreeSet<>();

  private Synopsis(String text) {
    this.text = text;
  }

  /** Whether the code span begins with the name of our program. */
  static boolean isOurs(String span) {
    return OURS.matcher(span).matches();
  }

  static Synopsis of(String span) {
    Synopsis synopsis = new Synopsis(span);
    String words = OURS.matcher(span).replaceFirst("$1").replaceAll("[\\[\\]()…]", " ");
    String whole = words.strip().startsWith("-c ") ? "serve " + words : words;
    synopsis.walk(PROGRAM, List.of(whole.strip().split("\\s+", -1)), 0);
    return synopsis;
  }

  /** What of it the program does not have. */
  List<String> problems() {
    return problems;
  }

  /** The commands that it names, with all words before them. */
  Set<String> commands() {
    return commands;
  }

  private void walk(CommandLine command, List<String> words, int first) {
    commands.add(command.getCommandSpec().qualifiedName());
    boolean group = !command.getSubcommands().isEmpty();
    if (first < words.size() && group && !words.get(first).startsWith("-")) {
      for (String word : words.get(first).split("\\|", -1)) {
        CommandLine sub = command.getSubcommands().get(word);
        if (sub != null) {
          walk(sub, words, first + 1);
        } else if (COMMAND.matcher(word).matches()) {
          problems.add(text + ": no command " + word);
        }
      }
      return;
    }
    for (String word : words.subList(Math.min(first, words.size()), words.size())) {
      String name = word.replaceAll("=.*", "");
      if (OPTION.matcher(name).matches() && command.getCommandSpec().findOption(name) == null) {
        problems.add(text + ": no option " + name);
      }
    }
  }
}
