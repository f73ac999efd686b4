package dstack.kms.cli.epoch;

import dstack.kms.cli.config.ConfigOptions;
import dstack.kms.cli.outcome.ExitStatus;
import dstack.kms.cli.outcome.JsonText;
import dstack.kms.core.config.KmsConfig;
import dstack.kms.onboard.epoch.EpochFacts;
import dstack.kms.onboard.epoch.EpochInventory;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Shows every generation that lies here, with what it is known by. */
@Command(
    name = "list",
    description = {
      "Shows every generation of root keys in core.cert_dir.",
      "Ends with 1 if a node would not serve one of them."
    })
public final class EpochListCommand implements Callable<Integer> {
  private final Map<String, String> variables;

  @Spec private CommandSpec spec;
  @Mixin private ConfigOptions options;

  @Option(names = "--json", description = "Answer with one JSON object.")
  private boolean json;

  /** A list that also sees these variables. */
  public EpochListCommand(Map<String, String> variables) {
    this.variables = Map.copyOf(variables);
  }

  @Override
  public Integer call() {
    KmsConfig config = KmsConfig.load(options.sources(variables));
    List<EpochFacts> found = new EpochInventory(config.certDir()).list();
    List<Map<String, Object>> answers = found.stream().map(EpochAnswer::of).toList();
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(JsonText.of(Map.of("epochs", answers)));
    } else {
      answers.forEach(answer -> EpochAnswer.print(answer, out));
    }
    boolean good = found.stream().allMatch(each -> each.finding().isEmpty());
    return (good ? ExitStatus.DONE : ExitStatus.REFUSED).number();
  }
}
