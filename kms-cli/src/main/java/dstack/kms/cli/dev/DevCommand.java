package dstack.kms.cli.dev;

import dstack.kms.cli.outcome.ExitStatus;
import dstack.kms.cli.serve.RunningNode;
import dstack.kms.cli.sim.PlatformWord;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.onboard.node.NodeContext;
import dstack.kms.rpc.tls.TlsDefaults;
import dstack.kms.sim.platform.PlatformKind;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** A complete local server on a simulated platform. */
@Command(
    name = "dev",
    description = {
      "Runs a complete local server on a SIMULATED platform and prints what to try next.",
      "An empty DIR is bootstrapped; a used one keeps its keys."
    })
public final class DevCommand implements Callable<Integer> {
  private static final int MOST_NODES = 5;

  private final Map<String, String> variables;
  private final NodeContext context;
  private final Operator operator;

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
      names = "--nodes",
      paramLabel = "N",
      defaultValue = "1",
      description = {
        "How many servers, 1 to 5 (default: ${DEFAULT-VALUE}). The others replicate the keys",
        "of the first and listen at the ports after it."
      })
  private int nodes;

  @Option(
      names = "--chain",
      description = {
        "The policy is our contracts on a chain of its own: an anvil process, which must be",
        "installed (on the PATH, or named in KMS_ANVIL)."
      })
  private boolean onChain;

  @Option(
      names = "--check",
      description = {
        "A simulated enclave fetches its keys, everything is verified from outside,",
        "and the command ends with 0 or 1."
      })
  private boolean check;

  /** A server that also sees these variables; the operator governs what is on chain. */
  public DevCommand(Map<String, String> variables, NodeContext context, Operator operator) {
    this.variables = Map.copyOf(variables);
    this.context = context;
    this.operator = operator;
  }

  @Override
  public Integer call() {
    if (nodes < 1 || nodes > MOST_NODES) {
      throw new ParameterException(
          spec.commandLine(), "--nodes must be 1 to " + MOST_NODES + ", not " + nodes);
    }
    TlsDefaults.apply();
    PrintWriter out = spec.commandLine().getOut();
    DevClock time = new DevClock(context.clock(), context.random());
    try (DevHost host = DevHost.start(folder, platform, time)) {
      return onChain ? runOnChain(host, time, out) : run(host, time, out);
    }
  }

  private int run(DevHost host, DevClock time, PrintWriter out) {
    try (DevFleet fleet = DevFleet.start(host, nodes, port, variables, context)) {
      return check ? check(host, fleet, time, new Findings(out)) : serve(host, fleet, out);
    }
  }

  private int runOnChain(DevHost host, DevClock time, PrintWriter out) {
    requireTcbStatus();
    try (LocalChain chain = LocalChain.start(variables)) {
      ChainPolicy policy = ChainPolicy.deploy(chain, operator);
      Bytes app = policy.createApp(host.first().guest().facts());
      host.decideBy(policy, app);
      Findings findings = new Findings(out);
      Optional<FirstSetUp> byHand =
          check ? Optional.of(new ChainSetUp(host, policy, findings)) : Optional.empty();
      if (!check || host.first().hasKeys()) {
        policy.admit(host.first().guest());
        policy.allowDefinition(app, host.enclave().facts());
      }
      try (DevFleet fleet = DevFleet.start(host, nodes, port, variables, context, byHand)) {
        if (!check) {
          return serve(host, fleet, out);
        }
        new ChainCheck(host, fleet, policy, time, findings).run();
        return check(host, fleet, time, findings);
      }
    }
  }

  private void requireTcbStatus() {
    if (platform == PlatformKind.NITRO) {
      throw new ParameterException(
          spec.commandLine(),
          "--chain does not go with --platform nitro: an enclave has no TCB status, and the"
              + " contract allows no KMS without one");
    }
  }

  private static int serve(DevHost host, DevFleet fleet, PrintWriter out) {
    new DevGuide(host, fleet).print(out);
    RunningNode.await(fleet.first().runner(), fleet::close);
    return ExitStatus.DONE.number();
  }

  private static int check(DevHost host, DevFleet fleet, DevClock time, Findings findings) {
    new DevCheck(host, fleet.first().port(), time).run(findings);
    if (fleet.nodes().size() > 1) {
      new FleetCheck(host, fleet, time, findings).run();
    }
    return findings.conclude().number();
  }
}
