package dstack.kms.cli.gov;

import dstack.kms.cli.gov.proposal.CancelCommand;
import dstack.kms.cli.gov.proposal.ExecuteCommand;
import dstack.kms.cli.gov.proposal.ProposalStatusCommand;
import dstack.kms.cli.gov.proposal.ProposeCommand;
import dstack.kms.cli.gov.proposal.SafeCollectCommand;
import dstack.kms.cli.gov.proposal.SafeExecCommand;
import dstack.kms.cli.gov.proposal.SafeHashCommand;
import dstack.kms.cli.gov.proposal.SafeSignCommand;
import java.security.SecureRandom;
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
        .addSubcommand(new ProposeCommand(variables, random))
        .addSubcommand(new ProposalStatusCommand())
        .addSubcommand(new ExecuteCommand(variables))
        .addSubcommand(new CancelCommand(variables))
        .addSubcommand(new SafeHashCommand())
        .addSubcommand(new SafeSignCommand(variables))
        .addSubcommand(new SafeCollectCommand())
        .addSubcommand(new SafeExecCommand(variables));
  }
}
