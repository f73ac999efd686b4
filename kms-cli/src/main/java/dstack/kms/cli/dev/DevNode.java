package dstack.kms.cli.dev;

import dstack.kms.onboard.node.NodeRunner;
import dstack.kms.onboard.node.NodeState;
import java.net.InetSocketAddress;
import java.util.Optional;

/**
 * One running server of a development fleet.
 *
 * @param number from 1
 * @param machine on which it runs
 * @param runner ends it
 * @param port of its main listener
 */
record DevNode(int number, DevMachine machine, NodeRunner runner, int port) {
  static DevNode of(int number, DevMachine machine, NodeRunner runner) {
    if (!(runner.state() instanceof NodeState.Ready ready)) {
      throw new IllegalStateException("a node that was set up is ready or refuses");
    }
    return new DevNode(number, machine, runner, ready.main().getPort());
  }

  String url() {
    return "https://localhost:" + port;
  }

  /** Where its operations listener is. */
  Optional<String> operations() {
    return runner
        .operations()
        .map(InetSocketAddress::getPort)
        .map(address -> "http://127.0.0.1:" + address);
  }
}
