package dstack.kms.onboard.node;

import dstack.kms.core.config.OperationsConfig;
import dstack.kms.rpc.health.NodeFacts;
import dstack.kms.rpc.health.OperationsRoutes;
import dstack.kms.rpc.http.HttpServer;
import dstack.kms.rpc.http.Listener;
import java.util.Optional;
import java.util.function.Supplier;

/** Opens the listener that tells in every state how the node is. */
final class OperationsListener {
  private OperationsListener() {}

  static Optional<HttpServer> open(
      OperationsConfig config,
      NodeHealth health,
      String version,
      Supplier<NodeState> state,
      Supplier<NodeFacts> facts) {
    if (!config.enabled()) {
      return Optional.empty();
    }
    OperationsRoutes routes =
        new OperationsRoutes(
            health.readiness(), health.metrics(), version, () -> state.get().name(), facts);
    return Optional.of(
        Listening.at(
            Listener.plain("operations", config.listen().socketAddress(), routes)
                .observedBy(health.metrics().listener("operations"))));
  }
}
