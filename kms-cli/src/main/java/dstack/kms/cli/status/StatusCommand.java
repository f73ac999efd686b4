package dstack.kms.cli.status;

import dstack.kms.cli.outcome.ExitStatus;
import dstack.kms.cli.outcome.JsonText;
import java.io.PrintWriter;
import java.net.URI;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Prints whether a running server is ready, check by check, or the nodes of a fleet side by side;
 * ends with 0 or 1 accordingly.
 */
@Command(
    name = "status",
    description = {
      "Asks a running server whether it is ready, or several whether they are one fleet.",
      "Ends with 0 if so, 1 if not, 3 if a server does not answer."
    })
public final class StatusCommand implements Callable<Integer> {
  private final OperationsClient client;

  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "URL",
      arity = "0..*",
      defaultValue = "http://127.0.0.1:8002",
      converter = ServerAddress.class,
      description = {
        "Address of an operations listener; by default ${DEFAULT-VALUE}.",
        "Several are compared with one another."
      })
  private List<URI> servers;

  @Option(names = "--json", description = "Answer with one JSON object.")
  private boolean json;

  /** A command that compares clocks with this one. */
  public StatusCommand(InstantSource clock) {
    client = new OperationsClient(clock);
  }

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    ExitStatus status =
        servers.size() == 1 ? one(servers.getFirst(), out) : fleet(client.fleet(servers), out);
    return status.number();
  }

  private ExitStatus one(URI server, PrintWriter out) {
    ReadyAnswer answer = client.ready(server);
    Optional<NodeStatus> status = client.status(server);
    if (json) {
      out.println(JsonText.of(together(answer.json(), status)));
    } else {
      answer.print(out);
      status.ifPresent(node -> new NodeLines(node).print(out));
    }
    return answer.ready() ? ExitStatus.DONE : ExitStatus.REFUSED;
  }

  private static JsonNode together(JsonNode ready, Optional<NodeStatus> status) {
    return status
        .<JsonNode>map(node -> ((ObjectNode) ready.deepCopy()).set("node", node.json()))
        .orElse(ready);
  }

  private ExitStatus fleet(FleetView fleet, PrintWriter out) {
    if (json) {
      out.println(JsonText.of(FleetJson.of(fleet)));
    } else {
      new FleetTable(fleet).print(out);
    }
    return fleet.exitStatus();
  }
}
