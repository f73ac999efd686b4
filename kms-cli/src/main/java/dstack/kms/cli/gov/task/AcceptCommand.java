package dstack.kms.cli.gov.task;

import dstack.kms.chain.account.Address;
import dstack.kms.chain.governance.OwnerTasks;
import dstack.kms.cli.gov.option.Terminal;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Accepts a contract that was handed to whoever the contracts see: an account or a governor. */
@Command(
    name = "accept",
    description =
        "Accepts the KMS contract or an app that was handed to the account that sends, or to the"
            + " timelock or Safe that is named.")
public final class AcceptCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private final ChangeOptions change;
  @Mixin private final OwnedContract owned;

  /** A command that sees these variables and asks at this terminal. */
  public AcceptCommand(Map<String, String> variables, Terminal terminal, SecureRandom random) {
    change = new ChangeOptions(variables, terminal, random);
    owned = new OwnedContract(variables);
  }

  @Override
  public Integer call() {
    Address contract = owned.address(spec);
    return new TaskRun(spec, change)
        .run((_, account) -> new OwnerTasks(contract).accept(account), (_, _) -> List.of());
  }
}
