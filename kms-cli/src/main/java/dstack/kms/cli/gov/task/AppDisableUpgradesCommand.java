package dstack.kms.cli.gov.task;

import dstack.kms.cli.gov.option.Terminal;
import java.security.SecureRandom;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Makes the code of an app final; nobody can undo it. */
@Command(
    name = "disable-upgrades",
    description = "Makes the code of an app final; nobody can undo it.")
public final class AppDisableUpgradesCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private final ChangeOptions change;
  @Mixin private AppOption app;

  /** A command that sees these variables and asks at this terminal. */
  public AppDisableUpgradesCommand(
      Map<String, String> variables, Terminal terminal, SecureRandom random) {
    change = new ChangeOptions(variables, terminal, random);
  }

  @Override
  public Integer call() {
    return new TaskRun(spec, change).run(app.tasks().disableUpgrades());
  }
}
