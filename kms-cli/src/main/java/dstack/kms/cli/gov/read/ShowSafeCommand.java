package dstack.kms.cli.gov.read;

import dstack.kms.chain.account.Address;
import dstack.kms.cli.gov.option.AddressText;
import dstack.kms.cli.gov.option.ChainOptions;
import dstack.kms.cli.outcome.ExitStatus;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Prints what a Safe says about itself. */
@Command(
    name = "safe",
    description = "Shows owners, threshold, nonce, modules and guard of a Safe.")
public final class ShowSafeCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private final ChainOptions chain;

  @Parameters(paramLabel = "ADDR", converter = AddressText.class, description = "The Safe.")
  private Address contract;

  @Option(names = "--json", description = "Answer with one JSON object.")
  private boolean json;

  /** A command that sees these variables. */
  public ShowSafeCommand(Map<String, String> variables) {
    chain = new ChainOptions(variables);
  }

  @Override
  public Integer call() {
    return chain.connect(
        spec,
        endpoint -> {
          GovernorState.safe(endpoint, contract).print(spec, json);
          return ExitStatus.DONE.number();
        });
  }
}
