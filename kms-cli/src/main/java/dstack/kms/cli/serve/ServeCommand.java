package dstack.kms.cli.serve;

import dstack.kms.cli.config.ConfigOptions;
import dstack.kms.cli.logging.Logging;
import dstack.kms.cli.outcome.ExitStatus;
import dstack.kms.core.config.KmsConfig;
import dstack.kms.onboard.node.NodeContext;
import dstack.kms.onboard.node.NodeRunner;
import dstack.kms.onboard.node.NodeState;
import dstack.kms.rpc.tls.TlsDefaults;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Runs the server: the set-up listener while there are no keys, then HTTPS. */
@Command(
    name = "serve",
    description = {
      "Runs the server: the set-up listener while there are no keys, then HTTPS.",
      "Ends gracefully on SIGINT and SIGTERM, reads its configuration anew on SIGHUP."
    })
public final class ServeCommand implements Callable<Integer> {
  private final Map<String, String> variables;
  private final NodeContext context;

  @Mixin private ConfigOptions options;

  /** A server that also sees these variables. */
  public ServeCommand(Map<String, String> variables, NodeContext context) {
    this.variables = Map.copyOf(variables);
    this.context = context;
  }

  @Override
  public Integer call() {
    TlsDefaults.apply();
    Supplier<KmsConfig> source = () -> KmsConfig.load(options.sources(variables));
    KmsConfig config = source.get();
    Logging.use(config.telemetry().logFormat(), variables);
    // What a start reads is new: SIGHUP asks for nothing more then, and must not end the process.
    try (ProcessSignals _ = new ProcessSignals().on("HUP", () -> {});
        NodeRunner node = NodeRunner.start(config, context)) {
      RunningNode.awaitReloading(node, source);
      // A node that ended without being told to did not end well.
      boolean stopped = node.state() instanceof NodeState.Stopping;
      return (stopped ? ExitStatus.DONE : ExitStatus.REFUSED).number();
    }
  }
}
