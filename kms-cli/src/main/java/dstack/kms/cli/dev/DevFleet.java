package dstack.kms.cli.dev;

import dstack.kms.core.config.KmsConfig;
import dstack.kms.onboard.node.NodeContext;
import dstack.kms.onboard.node.NodeRunner;
import dstack.kms.onboard.node.NodeState;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The servers of a development fleet: the first makes the keys, the others replicate them. */
final class DevFleet implements AutoCloseable {
  private final List<DevNode> nodes = new ArrayList<>();
  private final Deque<Runnable> open = new ArrayDeque<>();
  private final DevHost host;
  private final Map<String, String> variables;
  private final NodeContext context;

  private DevFleet(DevHost host, Map<String, String> variables, NodeContext context) {
    this.host = host;
    this.variables = variables;
    this.context = context;
  }

  /** The same, whose first server makes its keys by itself. */
  static DevFleet start(
      DevHost host, int count, int port, Map<String, String> variables, NodeContext context) {
    return start(host, count, port, variables, context, Optional.empty());
  }

  /**
   * Starts that many servers at ports from the given one upwards, or at any for port 0.
   *
   * @throws dstack.kms.core.refusal.RefusalException if one cannot serve; nothing stays open then
   */
  static DevFleet start(
      DevHost host,
      int count,
      int port,
      Map<String, String> variables,
      NodeContext context,
      Optional<FirstSetUp> byHand) {
    DevFleet fleet = new DevFleet(host, variables, context);
    boolean complete = false;
    try {
      if (byHand.isPresent()) {
        fleet.addFirst(host.config(host.first(), port, variables), byHand.get());
      } else {
        fleet.addFirst(host.config(port, variables), (_, _) -> {});
      }
      for (int number = 2; number <= count; number++) {
        fleet.addReplica(number, port == 0 ? 0 : port + number - 1);
      }
      complete = true;
      return fleet;
    } finally {
      if (!complete) {
        fleet.close();
      }
    }
  }

  /** All servers, in the order of their numbers. */
  List<DevNode> nodes() {
    return List.copyOf(nodes);
  }

  DevNode first() {
    return nodes.getFirst();
  }

  private void addReplica(int number, int port) {
    DevMachine machine = host.another(number);
    open.push(machine::close);
    if (!machine.hasKeys()) {
      awaitBlock(host.policy().admit(machine.guest()));
    }
    NodeRunner runner = NodeRunner.start(host.config(machine, port, variables), context);
    open.push(runner::close);
    if (runner.state() instanceof NodeState.SettingUp setup) {
      DevSetup.replicate(runner, setup, first().url());
    }
    nodes.add(DevNode.of(number, machine, runner));
  }

  private void addFirst(KmsConfig config, FirstSetUp setUp) {
    NodeRunner runner = NodeRunner.start(config, context);
    open.push(runner::close);
    if (runner.state() instanceof NodeState.SettingUp waiting) {
      setUp.run(runner, waiting);
    }
    nodes.add(DevNode.of(1, host.first(), runner));
  }

  /** Returns when every server that runs sees that block; at once for block 0. */
  void awaitBlock(long block) {
    nodes.stream()
        .filter(node -> node.runner().state() instanceof NodeState.Ready)
        .forEach(node -> ChainView.await(node.runner(), block));
  }

  /** Ends all servers, each gracefully. */
  @Override
  public void close() {
    while (!open.isEmpty()) {
      open.pop().run();
    }
  }
}
