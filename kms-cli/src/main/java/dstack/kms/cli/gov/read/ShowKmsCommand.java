package dstack.kms.cli.gov.read;

import dstack.kms.cli.gov.option.ChainOptions;
import dstack.kms.cli.gov.option.KmsOption;
import dstack.kms.cli.outcome.ExitStatus;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Prints what a KMS contract says about itself. */
@Command(name = "kms", description = "Shows owner, code, gateway and keys of the KMS contract.")
public final class ShowKmsCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private final ChainOptions chain;
  @Mixin private final KmsOption kms;

  @Option(names = "--json", description = "Answer with one JSON object.")
  private boolean json;

  /** A command that sees these variables. */
  public ShowKmsCommand(Map<String, String> variables) {
    chain = new ChainOptions(variables);
    kms = new KmsOption(variables);
  }

  @Override
  public Integer call() {
    return chain.connect(
        spec,
        endpoint -> {
          ContractState.kms(endpoint, kms.address(spec)).print(spec, json);
          return ExitStatus.DONE.number();
        });
  }
}
