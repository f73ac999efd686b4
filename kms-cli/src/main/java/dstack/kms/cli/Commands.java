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
import dstack.kms.cli.manual.CompletionCommand;
import dstack.kms.cli.manual.ManualCommand;
import dstack.kms.cli.manual.OpenApiCommand;
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
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import picocli.CommandLine;

/** The commands of the program; each is made when it is asked for. */
final class Commands {
  /** These describe the whole program. */
  static final Set<String> OF_ALL = Set.of("completion", "manual");

  private final Map<String, String> variables;
  private final Operator operator;
  private final InstantSource clock = InstantSource.system();
  private final SecureRandom random = new SecureRandom();

  /**
   * Commands that see these variables.
   *
   * @param operator types commands for a command
   */
  Commands(Map<String, String> variables, Operator operator) {
    this.variables = variables;
    this.operator = operator;
  }

  /** How each command is made, in the order of the help. */
  Map<String, Supplier<Object>> table() {
    Map<String, Supplier<Object>> commands = new LinkedHashMap<>();
    commands.put("serve", () -> new ServeCommand(variables, context()));
    commands.put("dev", () -> new DevCommand(variables, context(), operator));
    commands.put("status", () -> new StatusCommand(clock));
    commands.put("attest", () -> new AttestCommand(variables, random));
    commands.put("auth-api", this::authApiCommand);
    commands.put("get-keys", () -> new GetKeysCommand(variables, context()));
    commands.put("doctor", () -> new DoctorCommand(variables, context()));
    commands.put("preflight", () -> new PreflightCommand(variables, context()));
    commands.put("explain", () -> new ExplainCommand(variables, context()));
    commands.put("config", this::configCommands);
    commands.put("audit", Commands::auditCommands);
    commands.put("backup", this::backupCommands);
    commands.put("verify", this::verifyCommands);
    commands.put("epoch", this::epochCommands);
    commands.put("gov", () -> GovCommand.with(variables, random));
    commands.put("sim", this::simCommands);
    commands.put("openapi", () -> new OpenApiCommand(ProgramVersion.text()));
    commands.put("completion", CompletionCommand::new);
    commands.put("manual", () -> new ManualCommand(ProgramVersion.text()));
    return commands;
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
