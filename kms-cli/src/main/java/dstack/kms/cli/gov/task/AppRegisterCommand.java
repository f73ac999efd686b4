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

/** Registers an app contract that exists. */
@Command(name = "register", description = "Registers an app contract that exists.")
public final class AppRegisterCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private final ChangeOptions change;
  @Mixin private final KmsOption kms;

  @Parameters(
      paramLabel = "ADDR",
      converter = AddressText.class,
      description = "The app's proxy, which is its app id.")
  private Address app;

  /** A command that sees these variables and asks at this terminal. */
  public AppRegisterCommand(Map<String, String> variables, Terminal terminal, SecureRandom random) {
    change = new ChangeOptions(variables, terminal, random);
    kms = new KmsOption(variables);
  }

  @Override
  public Integer call() {
    return new TaskRun(spec, change).run(new KmsTasks(kms.address(spec)).registerApp(app));
  }
}
