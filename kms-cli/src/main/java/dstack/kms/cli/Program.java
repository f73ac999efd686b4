package dstack.kms.cli;

import dstack.kms.cli.config.ConfigCheckCommand;
import dstack.kms.cli.config.ConfigCommand;
import dstack.kms.cli.logging.Logging;
import dstack.kms.cli.outcome.RefusalReporter;
import dstack.kms.cli.outcome.UsageReporter;
import dstack.kms.cli.verify.VerifyAttestationCommand;
import dstack.kms.cli.verify.VerifyCommand;
import dstack.kms.cli.verify.VerifyQuoteCommand;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Map;
import picocli.CommandLine;

/**
 * The {@code kms} program over given streams and variables, so that a test can run it in process.
 */
public final class Program {
  private final PrintStream out;
  private final PrintStream err;
  private final Map<String, String> variables;

  /** A program that writes answers to {@code out}, everything else to {@code err}. */
  public Program(PrintStream out, PrintStream err, Map<String, String> variables) {
    this.out = out;
    this.err = err;
    this.variables = Map.copyOf(variables);
  }

  /** Runs one command; returns its exit status (specification 00 §6). */
  public int run(String... arguments) {
    Logging.configure(variables);
    return commandLine().execute(arguments);
  }

  private CommandLine commandLine() {
    return new CommandLine(new KmsCommand())
        .addSubcommand(
            new CommandLine(new ConfigCommand()).addSubcommand(new ConfigCheckCommand(variables)))
        .addSubcommand(
            new CommandLine(new VerifyCommand())
                .addSubcommand(new VerifyQuoteCommand(InstantSource.system()))
                .addSubcommand(new VerifyAttestationCommand(InstantSource.system())))
        .setOut(new PrintWriter(out, true, StandardCharsets.UTF_8))
        .setErr(new PrintWriter(err, true, StandardCharsets.UTF_8))
        .setColorScheme(CommandLine.Help.defaultColorScheme(CommandLine.Help.Ansi.OFF))
        .setParameterExceptionHandler(new UsageReporter())
        .setExecutionExceptionHandler(new RefusalReporter());
  }
}
