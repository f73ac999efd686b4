package dstack.kms.cli.dev;

import dstack.kms.cli.outcome.ExitStatus;
import dstack.kms.cli.serve.RunningNode;
import dstack.kms.cli.sim.PlatformWord;
import dstack.kms.onboard.node.NodeContext;
import dstack.kms.onboard.node.NodeRunner;
import dstack.kms.onboard.node.NodeState;
import dstack.kms.rpc.tls.TlsDefaults;
import dstack.kms.sim.platform.PlatformKind;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** A complete local server on a simulated platform. */
@Command(
    name = "dev",
    description = {
      "Runs a complete local server on a SIMULATED platform and prints what to try next.",
      "An empty DIR is bootstrapped; a used one keeps its keys."
    })
public final class DevCommand implements Callable<Integer> {
  private final Map<String, String> variables;
  private final NodeContext context;

  @Spec private CommandSpec spec;

  @Option(
      names = "--port",
      paramLabel = "N",
      defaultValue = "12001",
      description =
          "Port of the main listener on 127.0.0.1, 0 for any (default: ${DEFAULT-VALUE}).")
  private int port;

  @Option(
      names = "--dir",
      paramLabel = "DIR",
      defaultValue = ".kms-dev",
      description = "Folder of the roots, the keys and the policy (default: ${DEFAULT-VALUE}).")
  private Path folder;

  @Option(
      names = "--platform",
      paramLabel = "P",
      defaultValue = "tdx",
      converter = PlatformWord.class,
      description = "Kind of simulated platform: tdx, gcp-tdx, nitro, nitro-tpm, sev-snp.")
  private PlatformKind platform;

  @Option(
      names = "--check",
      description = {
        "A simulated enclave fetches its keys, everything is verified from outside,",
        "and the command ends with 0 or 1."
      })
  private boolean check;

  /** A server that also sees these variables. */
  public DevCommand(Map<String, String> variables, NodeContext context) {
    this.variables = Map.copyOf(variables);
    this.context = context;
  }

  @Override
  public Integer call() {
    TlsDefaults.apply();
    PrintWriter out = spec.commandLine().getOut();
    DevClock time = new DevClock(context.clock(), context.random());
    try (DevHost host = DevHost.start(folder, platform, time);
        NodeRunner node = NodeRunner.start(host.config(port, variables), context)) {
      if (!(node.state() instanceof NodeState.Ready ready)) {
        throw new IllegalStateException("a node that bootstraps itself is ready or refuses");
      }
      DevGuide guide = new DevGuide(host, ready.main().getPort(), node.operations());
      if (check) {
        return new DevCheck(host, ready.main().getPort(), time).run(out).number();
      }
      guide.print(out);
      RunningNode.await(node);
    }
    return ExitStatus.DONE.number();
  }
}
