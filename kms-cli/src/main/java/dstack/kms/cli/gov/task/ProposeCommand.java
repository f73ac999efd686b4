package dstack.kms.cli.gov.task;

import dstack.kms.chain.governance.Route;
import dstack.kms.cli.gov.option.KmsOption;
import dstack.kms.cli.gov.option.Terminal;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Turns tasks into a proposal, and schedules it at once where no Safe has to decide. */
@Command(
    name = "propose",
    description = {
      "Proposes changes through a timelock, a Safe, or both, and writes them to a file.",
      "Tasks: " + TaskWords.FORMS,
      "Several tasks are quoted, one each, and take effect together."
    })
public final class ProposeCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private final ChangeOptions change;
  @Mixin private final KmsOption kms;

  @Parameters(arity = "1..*", paramLabel = "TASK", description = "What is to be changed.")
  private List<String> words;

  /** A command that sees these variables and asks at this terminal. */
  public ProposeCommand(Map<String, String> variables, Terminal terminal, SecureRandom random) {
    change = new ChangeOptions(variables, terminal, random);
    kms = new KmsOption(variables);
  }

  @Override
  public Integer call() {
    Route route =
        change
            .route(spec)
            .orElseThrow(
                () ->
                    new ParameterException(spec.commandLine(), "give --timelock, --safe or both"));
    return new ProposedRun(spec, change)
        .run(route, (_, _) -> new TaskWords(spec, kms.find(spec)).tasks(words));
  }
}
