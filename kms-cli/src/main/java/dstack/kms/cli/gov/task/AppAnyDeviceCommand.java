package dstack.kms.cli.gov.task;

import dstack.kms.chain.account.Address;
import dstack.kms.chain.governance.AppTasks;
import dstack.kms.cli.gov.option.AddressText;
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

/** Says whether an app runs on every device. */
@Command(name = "any-device", description = "Says whether an app runs on every device.")
public final class AppAnyDeviceCommand implements Callable<Integer> {
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
      paramLabel = "on|off",
      converter = OnOrOff.Text.class,
      description = "Whether it does.")
  private OnOrOff state;

  /** A command that sees these variables and asks at this terminal. */
  public AppAnyDeviceCommand(
      Map<String, String> variables, Terminal terminal, SecureRandom random) {
    change = new ChangeOptions(variables, terminal, random);
  }

  @Override
  public Integer call() {
    return new TaskRun(spec, change).run(new AppTasks(app).setAnyDevice(state.isOn()));
  }
}
