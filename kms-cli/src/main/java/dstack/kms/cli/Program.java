package dstack.kms.cli;

import dstack.kms.cli.dev.Operator;
import dstack.kms.cli.logging.Logging;
import dstack.kms.cli.outcome.ExitStatus;
import dstack.kms.cli.outcome.RefusalReporter;
import dstack.kms.cli.outcome.UsageReporter;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;
import picocli.CommandLine;

/**
 * The {@code kms} program over given streams and variables, so that a test can run it in process.
 */
public final class Program {
  private final PrintStream out;
  private final PrintStream err;
  private final Map<String, String> variables;
  private final Commands commands;

  /** A program that writes answers to {@code out}, everything else to {@code err}. */
  public Program(PrintStream out, PrintStream err, Map<String, String> variables) {
    this.out = out;
    this.err = err;
    this.variables = Map.copyOf(variables);
    commands = new Commands(this.variables, operator());
  }

  /** Runs one command; returns its exit status (specification 00 §6). */
  public int run(String... arguments) {
    Logging.configure(variables);
    String[] words = withImpliedServe(arguments);
    int status = commandLineFor(words).execute(words);
    // Whoever reads the answer must not take its loss for success: it may have been keys.
    if (status == ExitStatus.DONE.number() && out.checkError()) {
      err.println("kms: standard output cannot be written");
      return ExitStatus.REFUSED.number();
    }
    return status;
  }

  /** All commands with everything that they take. */
  CommandLine commandLine() {
    return withCommands(commands.table());
  }

  /**
   * The command that the words begin with, alone: to make the model of all the others takes longer
   * than most commands run. All of them where the words begin with none, or with one that tells of
   * the others.
   */
  private CommandLine commandLineFor(String... words) {
    Map<String, Supplier<Object>> all = commands.table();
    String first = words.length == 0 ? "" : words[0];
    Supplier<Object> chosen = all.get(first);
    return withCommands(
        chosen == null || Commands.OF_ALL.contains(first) ? all : Map.of(first, chosen));
  }

  private CommandLine withCommands(Map<String, Supplier<Object>> chosen) {
    CommandLine line = new CommandLine(new KmsCommand());
    chosen.forEach((name, command) -> line.addSubcommand(name, command.get()));
    return line.setOut(new PrintWriter(out, true, StandardCharsets.UTF_8))
        .setErr(new PrintWriter(err, true, StandardCharsets.UTF_8))
        .setColorScheme(CommandLine.Help.defaultColorScheme(CommandLine.Help.Ansi.OFF))
        .setParameterExceptionHandler(new UsageReporter())
        .setExecutionExceptionHandler(new RefusalReporter());
  }

  /** The original has no subcommands: its {@code -c FILE} alone means to serve. */
  private static String[] withImpliedServe(String... arguments) {
    boolean implied =
        arguments.length > 0 && (arguments[0].equals("-c") || arguments[0].startsWith("--config"));
    return implied
        ? Stream.concat(Stream.of("serve"), Stream.of(arguments)).toArray(String[]::new)
        : arguments;
  }

  /** Commands typed by a command, as {@code kms dev --chain} does. */
  private Operator operator() {
    return (more, words) -> {
      ByteArrayOutputStream answer = new ByteArrayOutputStream();
      ByteArrayOutputStream rest = new ByteArrayOutputStream();
      Map<String, String> all = new HashMap<>(variables);
      all.putAll(more);
      Program program =
          new Program(
              new PrintStream(answer, true, StandardCharsets.UTF_8),
              new PrintStream(rest, true, StandardCharsets.UTF_8),
              all);
      String[] typed = words.toArray(String[]::new);
      int status = program.commandLineFor(typed).execute(typed);
      return new Operator.Ended(
          status, answer.toString(StandardCharsets.UTF_8), rest.toString(StandardCharsets.UTF_8));
    };
  }
}
