package dstack.kms.cli.config;

import dstack.kms.cli.outcome.ExitStatus;
import dstack.kms.cli.outcome.JsonText;
import dstack.kms.core.config.KmsConfig;
import java.io.PrintWriter;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * Prints every effective value with its origin; refuses what the server would refuse to start on.
 */
@Command(
    name = "check",
    description = "Prints every effective value with its origin, secrets redacted.")
public final class ConfigCheckCommand implements Callable<Integer> {
  private final Map<String, String> variables;

  @Spec private CommandSpec spec;
  @Mixin private ConfigOptions options;

  @Option(names = "--json", description = "Answer with one JSON object.")
  private boolean json;

  /** A check that also sees these variables. */
  public ConfigCheckCommand(Map<String, String> variables) {
    this.variables = Map.copyOf(variables);
  }

  @Override
  public Integer call() {
    KmsConfig config = KmsConfig.load(options.sources(variables));
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(JsonText.of(ConfigReport.of(config)));
    } else {
      ConfigReport.of(config).print(out);
    }
    return ExitStatus.DONE.number();
  }
}
