package dstack.kms.onboard.node;

import dstack.kms.core.config.OnboardConfig;
import dstack.kms.onboard.certificates.RpcDomain;
import dstack.kms.onboard.peers.PeerRecovery;
import dstack.kms.onboard.setup.SetupListener;
import dstack.kms.onboard.setup.Surroundings;
import dstack.kms.rpc.http.HttpServer;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.function.Consumer;

/** A node that waits for keys: from an operator, or from its peers. */
final class SettingUp implements AutoCloseable {
  private final HttpServer listener;
  private final ClosingStack open = new ClosingStack();

  private SettingUp(HttpServer listener) {
    this.listener = listener;
    open.push(listener::close);
  }

  /**
   * Opens the listener, and asks the peers if there are any.
   *
   * @param over is run when there are keys and set-up has ended; returns at once
   * @param died is told if the listener stops by itself
   */
  static SettingUp begin(NodeParts parts, NodeHealth health, Runnable over, Consumer<String> died) {
    NodeSetup setup = new NodeSetup(parts, over);
    SetupListener page = new SetupListener(setup, health.metrics(), surroundings(parts));
    OnboardConfig config = parts.config().onboard();
    SettingUp begun = new SettingUp(Listening.open(() -> page.start(config)));
    begun.listener.whenItDies(() -> died.accept("set-up"));
    config
        .domain()
        .filter(_ -> !config.peers().isEmpty())
        .ifPresent(domain -> begun.recover(parts, setup, RpcDomain.requested(domain), health));
    return begun;
  }

  InetSocketAddress address() {
    return listener.address();
  }

  private static Surroundings surroundings(NodeParts parts) {
    return new Surroundings(
        parts.config().siteName(),
        parts.context().longVersion(),
        parts.config().rpc().listen().port(),
        parts.context().clock(),
        parts.context().random());
  }

  private void recover(NodeParts parts, NodeSetup setup, RpcDomain domain, NodeHealth health) {
    PeerRecovery recovery =
        PeerRecovery.begin(
            new PeerRecovery.Plan(
                parts.config().onboard().peers(),
                (url, progress) -> setup.recover(url, domain, progress),
                setup::complete,
                setup::finished,
                parts.context().random()));
    open.push(recovery::close);
    health.note(() -> setup.complete() ? List.of() : List.of(recovery.board().text()));
    health
        .metrics()
        .counter(
            "kms_peer_attempts_total",
            "Attempts to take the keys of a peer.",
            "peer",
            recovery.board()::attempts);
  }

  /** Asks no peer any more, and ends the listener once running calls are answered. */
  @Override
  public void close() {
    open.close();
  }
}
