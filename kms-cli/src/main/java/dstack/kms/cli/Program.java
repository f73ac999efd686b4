package dstack.kms.cli;

import dstack.kms.chain.authority.ChainAuthorities;
import dstack.kms.cli.attest.AttestCommand;
import dstack.kms.cli.audit.AuditCommand;
import dstack.kms.cli.audit.AuditHeadCommand;
import dstack.kms.cli.audit.AuditTailCommand;
import dstack.kms.cli.audit.AuditVerifyCommand;
import dstack.kms.cli.authapi.AuthApiCommand;
import dstack.kms.cli.backup.BackupCheckCommand;
import dstack.kms.cli.backup.BackupCommand;
import dstack.kms.cli.backup.BackupCreateCommand;
import dstack.kms.cli.backup.BackupRestoreCommand;
import dstack.kms.cli.backup.BackupShowCommand;
import dstack.kms.cli.config.ConfigCheckCommand;
import dstack.kms.cli.config.ConfigCommand;
import dstack.kms.cli.dev.DevCommand;
import dstack.kms.cli.dev.Operator;
import dstack.kms.cli.doctor.DoctorCommand;
import dstack.kms.cli.epoch.EpochCommand;
import dstack.kms.cli.epoch.EpochListCommand;
import dstack.kms.cli.epoch.EpochPinsCommand;
import dstack.kms.cli.epoch.EpochVerifyCommand;
import dstack.kms.cli.explain.ExplainCommand;
import dstack.kms.cli.explain.PreflightCommand;
import dstack.kms.cli.fetch.GetKeysCommand;
import dstack.kms.cli.gov.GovCommand;
import dstack.kms.cli.logging.Logging;
import dstack.kms.cli.manual.CompletionCommand;
import dstack.kms.cli.manual.ManualCommand;
import dstack.kms.cli.manual.OpenApiCommand;
import dstack.kms.cli.outcome.ExitStatus;
import dstack.kms.cli.outcome.RefusalReporter;
import dstack.kms.cli.outcome.UsageReporter;
import dstack.kms.cli.serve.ServeCommand;
import dstack.kms.cli.sim.SimAttestCommand;
import dstack.kms.cli.sim.SimCommand;
import dstack.kms.cli.sim.SimConfigCommand;
import dstack.kms.cli.sim.SimPlatformCommand;
import dstack.kms.cli.status.StatusCommand;
import dstack.kms.cli.verify.VerifyAttestationCommand;
import dstack.kms.cli.verify.VerifyCommand;
import dstack.kms.cli.verify.VerifyImageCommand;
import dstack.kms.cli.verify.VerifyQuoteCommand;
import dstack.kms.onboard.node.NodeContext;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import picocli.CommandLine;

/**
 * The {@code kms} program over given streams and variables, so that a test can run it in process.
 */
public final class Program {
  private final PrintStream out;
  private final PrintStream err;
  private final Map<String, String> variables;
  private final InstantSource clock = InstantSource.system();
  private final SecureRandom random = new SecureRandom();

  /** A program that writes answers to {@code out}, everything else to {@code err}. */
  public Program(PrintStream out, PrintStream err, Map<String, String> variables) {
    this.out = out;
    this.err = err;
    this.variables = Map.copyOf(variables);
  }

  /** Runs one command; returns its exit status (specification 00 §6). */
  public int run(String... arguments) {
    Logging.configure(variables);
    int status = commandLine().execute(withImpliedServe(arguments));
    // Whoever reads the answer must not take its loss for success: it may have been keys.
    if (status == ExitStatus.DONE.number() && out.checkError()) {
      err.println("kms: standard output cannot be written");
      return ExitStatus.REFUSED.number();
    }
    return status;
  }

  /** The commands with everything that they take. */
  CommandLine commandLine() {
    return new CommandLine(new KmsCommand())
        .addSubcommand(new ServeCommand(variables, context()))
        .addSubcommand(new DevCommand(variables, context(), operator()))
        .addSubcommand(new StatusCommand(clock))
        .addSubcommand(new AttestCommand(variables, random))
        .addSubcommand(authApiCommand())
        .addSubcommand(new GetKeysCommand(variables, context()))
        .addSubcommand(new DoctorCommand(variables, context()))
        .addSubcommand(new PreflightCommand(variables, context()))
        .addSubcommand(new ExplainCommand(variables, context()))
        .addSubcommand(configCommands())
        .addSubcommand(auditCommands())
        .addSubcommand(backupCommands())
        .addSubcommand(verifyCommands())
        .addSubcommand(epochCommands())
        .addSubcommand(GovCommand.with(variables, random))
        .addSubcommand(simCommands())
        .addSubcommand(new OpenApiCommand(ProgramVersion.text()))
        .addSubcommand(new CompletionCommand())
        .addSubcommand(new ManualCommand(ProgramVersion.text()))
        .setOut(new PrintWriter(out, true, StandardCharsets.UTF_8))
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

  private NodeContext context() {
    String version = ProgramVersion.text();
    return new NodeContext(
        clock, random, ProgramVersion.number(version), version, new ChainAuthorities(clock));
  }

  private AuthApiCommand authApiCommand() {
    return new AuthApiCommand(
        variables, new ChainAuthorities(clock), ProgramVersion.text(), clock, random);
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
      int status = program.commandLine().execute(words.toArray(String[]::new));
      return new Operator.Ended(
          status, answer.toString(StandardCharsets.UTF_8), rest.toString(StandardCharsets.UTF_8));
    };
  }

  private CommandLine configCommands() {
    return new CommandLine(new ConfigCommand()).addSubcommand(new ConfigCheckCommand(variables));
  }

  private static CommandLine auditCommands() {
    return new CommandLine(new AuditCommand())
        .addSubcommand(new AuditVerifyCommand())
        .addSubcommand(new AuditHeadCommand())
        .addSubcommand(new AuditTailCommand());
  }

  private CommandLine backupCommands() {
    return new CommandLine(new BackupCommand())
        .addSubcommand(new BackupCreateCommand(variables, context()))
        .addSubcommand(new BackupRestoreCommand(variables, context()))
        .addSubcommand(new BackupShowCommand())
        .addSubcommand(new BackupCheckCommand());
  }

  private CommandLine verifyCommands() {
    return new CommandLine(new VerifyCommand())
        .addSubcommand(new VerifyQuoteCommand(clock))
        .addSubcommand(new VerifyAttestationCommand(clock))
        .addSubcommand(new VerifyImageCommand());
  }

  private CommandLine epochCommands() {
    return new CommandLine(new EpochCommand())
        .addSubcommand(new EpochListCommand(variables))
        .addSubcommand(new EpochPinsCommand(variables))
        .addSubcommand(new EpochVerifyCommand());
  }

  private CommandLine simCommands() {
    return new CommandLine(new SimCommand())
        .addSubcommand(new SimPlatformCommand(clock, random))
        .addSubcommand(new SimAttestCommand(clock, random))
        .addSubcommand(new SimConfigCommand(clock, random));
  }
}
