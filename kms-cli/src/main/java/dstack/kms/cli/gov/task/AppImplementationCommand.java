package dstack.kms.cli.gov.task;

import dstack.kms.chain.account.Address;
import dstack.kms.chain.governance.KmsTasks;
import dstack.kms.cli.gov.option.AddressText;
import dstack.kms.cli.gov.option.KmsOption;
import dstack.kms.cli.gov.option.Terminal;
import java.security.SecureRandom;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Chooses the code of apps that will be created. */
@Command(
    name = "app-implementation",
    description = "Chooses the code of apps that will be created.")
public final class AppImplementationCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private final ChangeOptions change;
  @Mixin private final KmsOption kms;

  @Mixin
  @SuppressWarnings("UnusedVariable") // it only has to be there
  private SetWord set;

  @Parameters(
      index = "1",
      paramLabel = "ADDR",
      converter = AddressText.class,
      description = "The implementation, as gov implementation deploy app printed it.")
  private Address implementation;

  /** A command that sees these variables and asks at this terminal. */
  public AppImplementationCommand(
      Map<String, String> variables, Terminal terminal, SecureRandom random) {
    change = new ChangeOptions(variables, terminal, random);
    kms = new KmsOption(variables);
  }

  @Override
  public Integer call() {
    return new TaskRun(spec, change)
        .run(new KmsTasks(kms.address(spec)).setAppImplementation(implementation));
  }
}
