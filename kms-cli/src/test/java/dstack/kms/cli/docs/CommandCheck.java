package dstack.kms.cli.docs;

import dstack.kms.cli.CommandModel;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import picocli.CommandLine;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** Parses what a page tells to type with the parser that would see it, and runs nothing. */
final class CommandCheck {
  /** The rest of a line that the page leaves to the reader. */
  private static final String REST = "…";

  /** Stands for a value that only the reader knows, or names a file that only the reader has. */
  private static final Pattern PLACEHOLDER =
      Pattern.compile(".*(?:…|\\.\\.\\.|[<$]|[A-Z]{2}).*|(?!https?:)[^:]*[./][^:]*|0x[A-Z]");

  private CommandCheck() {}

  /** What is wrong with the command; empty if the program takes it. */
  static Optional<String> problem(TypedCommand command) {
    List<String> words = new ArrayList<>(command.words().subList(1, command.words().size()));
    boolean open = words.remove(REST);
    boolean implied =
        words.isEmpty() ? command.program().endsWith("dstack-kms") : words.getFirst().equals("-c");
    if (implied) {
      words.addFirst("serve");
    }
    CommandLine program = CommandModel.fresh();
    return badShape(program, words, open)
        .or(() -> badValue(program, words))
        .map(why -> command + "\n    " + why);
  }

  /** Commands, options, required ones, numbers of values. */
  private static Optional<String> badShape(CommandLine program, List<String> words, boolean open) {
    ParseResult parsed = parse(Shape.of(program), words);
    boolean helped = parsed.isUsageHelpRequested() || parsed.isVersionHelpRequested();
    return parsed.errors().stream()
        .filter(error -> !(open && error instanceof MissingParameterException))
        .map(Exception::getMessage)
        .findFirst()
        .or(
            () ->
                helped || parsed.commandSpec().subcommands().isEmpty()
                    ? Optional.empty()
                    : Optional.of(
                        "names no command below " + parsed.commandSpec().qualifiedName()));
  }

  /** Values that are no placeholders. */
  private static Optional<String> badValue(CommandLine program, List<String> words) {
    return parse(program, words).errors().stream()
        .filter(error -> error.getClass() == ParameterException.class)
        .map(ParameterException.class::cast)
        .filter(error -> error.getValue() != null)
        .filter(error -> !PLACEHOLDER.matcher(error.getValue()).matches())
        .map(ParameterException::getMessage)
        .findFirst();
  }

  /** The result for the last command that is named. */
  private static ParseResult parse(CommandLine program, List<String> words) {
    collectErrors(program);
    ParseResult parsed = program.parseArgs(words.toArray(String[]::new));
    while (parsed.hasSubcommand()) {
      parsed = parsed.subcommand();
    }
    return parsed;
  }

  private static void collectErrors(CommandLine command) {
    command.getCommandSpec().parser().collectErrors(true);
    command.getSubcommands().values().forEach(CommandCheck::collectErrors);
  }
}
