package dstack.kms.cli.manual;

import dstack.kms.cli.outcome.ExitStatus;
import dstack.kms.rpc.openapi.OpenApiDocument;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Prints the main listener's interface. */
@Command(
    name = "openapi",
    description = {
      "Prints the main listener's interface as an OpenAPI 3.1 document.",
      "A running node has it at /openapi.json of its operations listener."
    })
public final class OpenApiCommand implements Callable<Integer> {
  private final String version;

  @Spec private CommandSpec spec;

  /** A document that names this version. */
  public OpenApiCommand(String version) {
    this.version = version;
  }

  @Override
  public Integer call() {
    spec.commandLine().getOut().print(OpenApiDocument.of(version));
    spec.commandLine().getOut().flush();
    return ExitStatus.DONE.number();
  }
}
