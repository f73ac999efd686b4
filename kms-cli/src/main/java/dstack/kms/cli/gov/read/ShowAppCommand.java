package dstack.kms.cli.gov.read;

import dstack.kms.chain.account.Address;
import dstack.kms.cli.gov.option.AddressText;
import dstack.kms.cli.gov.option.ChainOptions;
import dstack.kms.cli.gov.option.KmsOption;
import dstack.kms.cli.outcome.ExitStatus;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Prints what an app contract says about itself. */
@Command(name = "app", description = "Shows owner, code and flags of an app contract.")
public final class ShowAppCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private final ChainOptions chain;
  @Mixin private final KmsOption kms;

  @Parameters(
      paramLabel = "ADDR",
      converter = AddressText.class,
      description = "The app's proxy, which is its app id.")
  private Address app;

  @Option(names = "--json", description = "Answer with one JSON object.")
  private boolean json;

  /** A command that sees these variables. */
  public ShowAppCommand(Map<String, String> variables) {
    chain = new ChainOptions(variables);
    kms = new KmsOption(variables);
  }

  @Override
  public Integer call() {
    return chain.connect(
        spec,
        endpoint -> {
          ContractState.app(endpoint, app, kms.find(spec)).print(spec, json);
          return ExitStatus.DONE.number();
        });
  }
}
