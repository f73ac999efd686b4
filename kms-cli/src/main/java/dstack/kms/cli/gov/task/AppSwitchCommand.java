package dstack.kms.cli.gov.task;

import dstack.kms.cli.gov.option.Terminal;
import java.security.SecureRandom;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Switches something about an app on or off; always said explicitly. */
@Command
public final class AppSwitchCommand implements Callable<Integer> {
  private final AppSwitch which;

  @Spec private CommandSpec spec;
  @Mixin private final ChangeOptions change;
  @Mixin private AppOption app;

  @Parameters(paramLabel = "on|off", converter = OnOrOff.Text.class)
  private OnOrOff state;

  private AppSwitchCommand(
      AppSwitch which, Map<String, String> variables, Terminal terminal, SecureRandom random) {
    this.which = which;
    change = new ChangeOptions(variables, terminal, random);
  }

  /** The command of that switch, which sees these variables and asks at this terminal. */
  public static CommandLine of(
      AppSwitch which, Map<String, String> variables, Terminal terminal, SecureRandom random) {
    return NamedCommand.of(
        new AppSwitchCommand(which, variables, terminal, random),
        which.word(),
        which.purpose(),
        "Whether it does.");
  }

  @Override
  public Integer call() {
    return new TaskRun(spec, change).run(which.task(app.tasks(), state.isOn()));
  }
}
