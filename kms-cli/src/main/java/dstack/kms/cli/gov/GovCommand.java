package dstack.kms.cli.gov;

import dstack.kms.cli.gov.anchor.AnchorCommand;
import dstack.kms.cli.gov.anchor.AnchorVerifyCommand;
import dstack.kms.cli.gov.deploy.DeployCommand;
import dstack.kms.cli.gov.proposal.CancelCommand;
import dstack.kms.cli.gov.proposal.ExecuteCommand;
import dstack.kms.cli.gov.proposal.ProposalStatusCommand;
import dstack.kms.cli.gov.proposal.ProposeCommand;
import dstack.kms.cli.gov.proposal.SafeCollectCommand;
import dstack.kms.cli.gov.proposal.SafeExecCommand;
import dstack.kms.cli.gov.proposal.SafeHashCommand;
import dstack.kms.cli.gov.proposal.SafeSignCommand;
import dstack.kms.cli.gov.proposal.ScheduleCommand;
import dstack.kms.cli.gov.proposal.TransferCommand;
import dstack.kms.cli.gov.watch.GovAuditCommand;
import dstack.kms.cli.gov.watch.GovWatchCommand;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Groups what can be done about the policy on chain. */
@Command(name = "gov", description = "Changes and watches the policy on the public chain.")
public final class GovCommand {
  private GovCommand() {}

  /** The group with all its commands, over these variables. */
  public static CommandLine with(Map<String, String> variables, SecureRandom random) {
    return new CommandLine(new GovCommand())
        .addSubcommand(new DeployCommand(variables))
        .addSubcommand(new ProposeCommand(variables, random))
        .addSubcommand(new ScheduleCommand(variables))
        .addSubcommand(new ProposalStatusCommand())
        .addSubcommand(new ExecuteCommand(variables))
        .addSubcommand(new CancelCommand(variables))
        .addSubcommand(new SafeHashCommand())
        .addSubcommand(new SafeSignCommand(variables))
        .addSubcommand(new SafeCollectCommand())
        .addSubcommand(new SafeExecCommand(variables))
        .addSubcommand(new TransferCommand(variables, random))
        .addSubcommand(new GovAuditCommand(variables))
        .addSubcommand(new GovWatchCommand(variables, InstantSource.system()))
        .addSubcommand(new AnchorCommand(variables))
        .addSubcommand(new AnchorVerifyCommand());
  }
}
