package dstack.kms.cli.gov.task;

import dstack.kms.chain.account.Address;
import dstack.kms.chain.governance.OwnerTasks;
import dstack.kms.cli.gov.option.AddressText;
import dstack.kms.cli.gov.option.Terminal;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Lets a contract run other code. */
@Command(
    name = "upgrade",
    description = {
      "Lets a KMS or app contract run the code of another implementation.",
      "Whether the new code fits the storage of the old is not checked here: compare the layouts",
      "before, and say so with --i-have-validated-layout."
    })
public final class UpgradeCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private final ChangeOptions change;

  @Parameters(
      paramLabel = "kms|app",
      converter = ContractKind.Text.class,
      description = "What the contract is.")
  private ContractKind kind;

  @Option(
      names = "--address",
      required = true,
      paramLabel = "ADDR",
      converter = AddressText.class,
      description = "Its proxy.")
  private Address proxy;

  @Option(
      names = "--to",
      required = true,
      paramLabel = "ADDR",
      converter = AddressText.class,
      description = "The implementation, as gov implementation deploy printed it.")
  private Address implementation;

  @Option(
      names = "--i-have-validated-layout",
      description = "The storage layout of the new code continues that of the old.")
  private boolean validated;

  /** A command that sees these variables and asks at this terminal. */
  public UpgradeCommand(Map<String, String> variables, Terminal terminal, SecureRandom random) {
    change = new ChangeOptions(variables, terminal, random);
  }

  @Override
  public Integer call() {
    if (!validated && !change.write().sending().isDryRun()) {
      throw new ParameterException(
          spec.commandLine(),
          "an upgrade to code with another storage layout destroys the contract: compare the"
              + " layouts and give --i-have-validated-layout");
    }
    return new TaskRun(spec, change)
        .run(
            (endpoint, _) -> {
              kind.require(endpoint, proxy);
              return new OwnerTasks(proxy).upgrade(implementation);
            },
            (_, _) -> List.of());
  }
}
