package dstack.kms.cli.gov.task;

import dstack.kms.chain.account.Address;
import dstack.kms.chain.governance.AppTasks;
import dstack.kms.chain.governance.PolicyHash;
import dstack.kms.cli.gov.option.AddressText;
import dstack.kms.cli.gov.option.PolicyHashText;
import dstack.kms.cli.gov.option.Terminal;
import java.security.SecureRandom;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Lets an app run with a compose hash. */
@Command(name = "add-hash", description = "Lets an app run with a compose hash.")
public final class AppAddHashCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private final ChangeOptions change;

  @Option(
      names = "--app-id",
      required = true,
      paramLabel = "ADDR",
      converter = AddressText.class,
      description = "The app's proxy.")
  private Address app;

  @Parameters(
      paramLabel = "HASH",
      converter = PolicyHashText.class,
      description = "The compose hash; gov compose-hash computes it.")
  private PolicyHash hash;

  /** A command that sees these variables and asks at this terminal. */
  public AppAddHashCommand(Map<String, String> variables, Terminal terminal, SecureRandom random) {
    change = new ChangeOptions(variables, terminal, random);
  }

  @Override
  public Integer call() {
    return new TaskRun(spec, change).run(new AppTasks(app).addHash(hash));
  }
}
