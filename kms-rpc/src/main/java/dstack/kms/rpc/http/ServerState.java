package dstack.kms.rpc.http;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the connections of one listener share. */
final class ServerState {
  private static final Logger log = LoggerFactory.getLogger(ServerState.class);

  final Listener listener;
  final HandlerPool pool;
  final ReplyWriter writer;
  final MemoryBudget bodies;
  final MemoryBudget handshakes;
  final RequestScopes scopes = new RequestScopes();
  private final AtomicInteger open = new AtomicInteger();
  private volatile boolean draining;

  ServerState(Listener listener) {
    this.listener = listener;
    this.pool = new HandlerPool(listener.limits(), listener.observer());
    this.bodies = MemoryBudget.ofBodies(listener.limits().bodies());
    this.handshakes = MemoryBudget.ofHandshakes(listener.limits().certificates());
    this.writer = new ReplyWriter(listener.headers());
  }

  /** Counts a new connection; false if it is one too many. */
  boolean connectionOpened() {
    listener.observer().connections(1);
    return open.incrementAndGet() <= listener.limits().connections();
  }

  void connectionClosed() {
    open.decrementAndGet();
    listener.observer().connections(-1);
  }

  /** Tells the observer and the log about an answer. */
  void report(PendingRequest request, int status) {
    request.scope.run(() -> reportWithin(request, status));
  }

  private void reportWithin(PendingRequest request, int status) {
    Duration took = Duration.ofNanos(System.nanoTime() - request.started);
    String label = request.label();
    listener.observer().answered(request.head, label, status, took);
    log.info(
        "request {} {} {} {} in {} ms",
        request.scope.requestId(),
        listener.name(),
        label.isEmpty() ? "-" : label,
        status,
        took.toMillis());
  }

  void drain() {
    draining = true;
  }

  boolean isDraining() {
    return draining;
  }
}
