package dstack.kms.cli.gov;

import dstack.kms.cli.gov.anchor.AnchorCommand;
import dstack.kms.cli.gov.anchor.AnchorVerifyCommand;
import dstack.kms.cli.gov.contract.ImplementationCommand;
import dstack.kms.cli.gov.contract.ImplementationGroup;
import dstack.kms.cli.gov.deploy.DeployCommand;
import dstack.kms.cli.gov.option.Terminal;
import dstack.kms.cli.gov.proposal.CancelCommand;
import dstack.kms.cli.gov.proposal.ExecuteCommand;
import dstack.kms.cli.gov.proposal.ProposalStatusCommand;
import dstack.kms.cli.gov.proposal.SafeCollectCommand;
import dstack.kms.cli.gov.proposal.SafeExecCommand;
import dstack.kms.cli.gov.proposal.SafeHashCommand;
import dstack.kms.cli.gov.proposal.SafeSignCommand;
import dstack.kms.cli.gov.proposal.ScheduleCommand;
import dstack.kms.cli.gov.read.CheckCommand;
import dstack.kms.cli.gov.read.ComposeHashCommand;
import dstack.kms.cli.gov.read.EnclaveHashCommand;
import dstack.kms.cli.gov.read.ShowAppCommand;
import dstack.kms.cli.gov.read.ShowGroup;
import dstack.kms.cli.gov.read.ShowKmsCommand;
import dstack.kms.cli.gov.read.ShowSafeCommand;
import dstack.kms.cli.gov.read.ShowTimelockCommand;
import dstack.kms.cli.gov.task.AcceptCommand;
import dstack.kms.cli.gov.task.AppChange;
import dstack.kms.cli.gov.task.AppChangeCommand;
import dstack.kms.cli.gov.task.AppCommand;
import dstack.kms.cli.gov.task.AppCreateCommand;
import dstack.kms.cli.gov.task.AppDisableUpgradesCommand;
import dstack.kms.cli.gov.task.AppImplementationCommand;
import dstack.kms.cli.gov.task.AppRegisterCommand;
import dstack.kms.cli.gov.task.AppSwitch;
import dstack.kms.cli.gov.task.AppSwitchCommand;
import dstack.kms.cli.gov.task.GatewayCommand;
import dstack.kms.cli.gov.task.InfoCommand;
import dstack.kms.cli.gov.task.PolicyList;
import dstack.kms.cli.gov.task.PolicyListCommand;
import dstack.kms.cli.gov.task.ProposeCommand;
import dstack.kms.cli.gov.task.TransferCommand;
import dstack.kms.cli.gov.task.UpgradeCommand;
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
    CommandLine gov = new CommandLine(new GovCommand());
    addContracts(gov, variables, random);
    addPolicy(gov, variables, random);
    addReads(gov, variables);
    addProposals(gov, variables, random);
    return gov;
  }

  private static void addContracts(
      CommandLine gov, Map<String, String> variables, SecureRandom random) {
    gov.addSubcommand(new DeployCommand(variables, Terminal.SYSTEM))
        .addSubcommand(
            new CommandLine(new ImplementationGroup())
                .addSubcommand(new ImplementationCommand(variables, Terminal.SYSTEM)))
        .addSubcommand(new UpgradeCommand(variables, Terminal.SYSTEM, random))
        .addSubcommand(new TransferCommand(variables, Terminal.SYSTEM, random))
        .addSubcommand(new AcceptCommand(variables, Terminal.SYSTEM, random));
  }

  private static void addPolicy(
      CommandLine gov, Map<String, String> variables, SecureRandom random) {
    for (PolicyList list : PolicyList.values()) {
      gov.addSubcommand(PolicyListCommand.of(list, variables, Terminal.SYSTEM, random));
    }
    gov.addSubcommand(new GatewayCommand(variables, Terminal.SYSTEM, random))
        .addSubcommand(new InfoCommand(variables, Terminal.SYSTEM, random))
        .addSubcommand(new AppImplementationCommand(variables, Terminal.SYSTEM, random))
        .addSubcommand(apps(variables, random));
  }

  private static void addReads(CommandLine gov, Map<String, String> variables) {
    gov.addSubcommand(
            new CommandLine(new ShowGroup())
                .addSubcommand(new ShowKmsCommand(variables))
                .addSubcommand(new ShowAppCommand(variables))
                .addSubcommand(new ShowTimelockCommand(variables))
                .addSubcommand(new ShowSafeCommand(variables)))
        .addSubcommand(new CheckCommand(variables))
        .addSubcommand(new ComposeHashCommand())
        .addSubcommand(new EnclaveHashCommand())
        .addSubcommand(new GovAuditCommand(variables))
        .addSubcommand(new GovWatchCommand(variables, InstantSource.system()))
        .addSubcommand(new AnchorCommand(variables, Terminal.SYSTEM))
        .addSubcommand(new AnchorVerifyCommand(variables));
  }

  private static void addProposals(
      CommandLine gov, Map<String, String> variables, SecureRandom random) {
    gov.addSubcommand(new ProposeCommand(variables, Terminal.SYSTEM, random))
        .addSubcommand(new ScheduleCommand(variables, Terminal.SYSTEM))
        .addSubcommand(new ProposalStatusCommand(variables))
        .addSubcommand(new ExecuteCommand(variables, Terminal.SYSTEM))
        .addSubcommand(new CancelCommand(variables, Terminal.SYSTEM))
        .addSubcommand(new SafeHashCommand())
        .addSubcommand(new SafeSignCommand(variables, Terminal.SYSTEM))
        .addSubcommand(new SafeCollectCommand(variables))
        .addSubcommand(new SafeExecCommand(variables, Terminal.SYSTEM));
  }

  private static CommandLine apps(Map<String, String> variables, SecureRandom random) {
    CommandLine app =
        new CommandLine(new AppCommand())
            .addSubcommand(new AppCreateCommand(variables, Terminal.SYSTEM, random))
            .addSubcommand(new AppRegisterCommand(variables, Terminal.SYSTEM, random));
    for (AppChange change : AppChange.values()) {
      app.addSubcommand(AppChangeCommand.of(change, variables, Terminal.SYSTEM, random));
    }
    for (AppSwitch each : AppSwitch.values()) {
      app.addSubcommand(AppSwitchCommand.of(each, variables, Terminal.SYSTEM, random));
    }
    return app.addSubcommand(new AppDisableUpgradesCommand(variables, Terminal.SYSTEM, random));
  }
}
