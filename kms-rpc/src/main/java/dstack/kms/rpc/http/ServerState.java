package dstack.kms.rpc.http;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** What the connections of one listener share. */
final class ServerState {
  private static final AtomicLong REQUESTS = new AtomicLong();

  final Listener listener;
  final HandlerPool pool;
  final ReplyWriter writer;
  private final AtomicInteger open = new AtomicInteger();
  private volatile boolean draining;

  ServerState(Listener listener) {
    this.listener = listener;
    this.pool = new HandlerPool(listener.limits());
    this.writer = new ReplyWriter(listener.headers());
  }

  long nextRequestId() {
    return REQUESTS.incrementAndGet();
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

  void drain() {
    draining = true;
  }

  boolean isDraining() {
    return draining;
  }
}
