package dstack.kms.cli.gov.read;

import dstack.kms.chain.account.Address;
import dstack.kms.cli.gov.option.AddressText;
import dstack.kms.cli.gov.option.ChainOptions;
import dstack.kms.cli.outcome.ExitStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Prints what a timelock says about itself. */
@Command(name = "timelock", description = "Shows delay and roles of a timelock.")
public final class ShowTimelockCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private final ChainOptions chain;

  @Parameters(paramLabel = "ADDR", converter = AddressText.class, description = "The timelock.")
  private Address contract;

  @Option(
      names = "--account",
      paramLabel = "ADDR",
      converter = AddressText.class,
      description = "Whose roles are asked for; once for each. kms gov audit finds all.")
  private List<Address> accounts = new ArrayList<>();

  @Option(names = "--json", description = "Answer with one JSON object.")
  private boolean json;

  /** A command that sees these variables. */
  public ShowTimelockCommand(Map<String, String> variables) {
    chain = new ChainOptions(variables);
  }

  @Override
  public Integer call() {
    return chain.connect(
        spec,
        endpoint -> {
          GovernorState.timelock(endpoint, contract, accounts).print(spec, json);
          return ExitStatus.DONE.number();
        });
  }
}
