package dstack.kms.cli.status;

import dstack.kms.cli.outcome.ExitStatus;
import dstack.kms.cli.outcome.JsonText;
import java.io.PrintWriter;
import java.net.URI;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Prints whether a running server is ready, check by check; ends with 0 or 1 accordingly. */
@Command(name = "status", description = "Asks a running server whether it is ready.")
public final class StatusCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "URL",
      arity = "0..1",
      defaultValue = "http://127.0.0.1:8002",
      converter = ServerAddress.class,
      description = "Address of the operations listener; by default ${DEFAULT-VALUE}.")
  private URI server;

  @Option(names = "--json", description = "Answer with one JSON object.")
  private boolean json;

  @Override
  public Integer call() {
    ReadyAnswer answer = OperationsClient.ready(server);
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(JsonText.of(answer.json()));
    } else {
      answer.print(out);
    }
    return (answer.ready() ? ExitStatus.DONE : ExitStatus.REFUSED).number();
  }
}
