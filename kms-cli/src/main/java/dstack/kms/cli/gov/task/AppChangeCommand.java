package dstack.kms.cli.gov.task;

import dstack.kms.chain.account.Word;
import dstack.kms.cli.gov.option.Terminal;
import dstack.kms.cli.gov.option.WordText;
import java.security.SecureRandom;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Changes one of an app's allow-lists. */
@Command
public final class AppChangeCommand implements Callable<Integer> {
  private final AppChange kind;

  @Spec private CommandSpec spec;
  @Mixin private final ChangeOptions change;
  @Mixin private AppOption app;

  @Parameters(paramLabel = "HASH", converter = WordText.class)
  private Word hash;

  private AppChangeCommand(
      AppChange kind, Map<String, String> variables, Terminal terminal, SecureRandom random) {
    this.kind = kind;
    change = new ChangeOptions(variables, terminal, random);
  }

  /** The command of that change, which sees these variables and asks at this terminal. */
  public static CommandLine of(
      AppChange kind, Map<String, String> variables, Terminal terminal, SecureRandom random) {
    return NamedCommand.of(
        new AppChangeCommand(kind, variables, terminal, random),
        kind.word(),
        kind.purpose(),
        kind.entry());
  }

  @Override
  public Integer call() {
    return new TaskRun(spec, change).run(kind.task(app.tasks(), hash));
  }
}
