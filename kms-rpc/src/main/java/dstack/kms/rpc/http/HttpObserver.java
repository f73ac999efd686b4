package dstack.kms.rpc.http;

import java.time.Duration;

/** Is told what a server does. Called on event loops: must not block. */
public interface HttpObserver {
  /** Nobody listens. */
  HttpObserver NONE = new HttpObserver() {};

  /** An answer was given; the label is empty for requests that no handler took. */
  default void answered(RequestHead head, String label, int status, Duration took) {}

  /** A request was turned away because too many were running and waiting. */
  default void overloaded() {}

  /** A request outlived its deadline. */
  default void deadlineMissed() {}

  /** A connection was turned away because too many were open. */
  default void connectionRefused() {}

  /** A connection was closed in its handshake because there was no memory for its certificates. */
  default void certificatesRefused() {}

  /** The number of open connections changed by one, up or down. */
  default void connections(int change) {}

  /** The number of requests that are being handled changed by one, up or down. */
  default void running(int change) {}

  /** The number of requests that wait for a place changed by one, up or down. */
  default void waiting(int change) {}

  /** A TLS handshake succeeded and took so long. */
  default void handshake(Duration took) {}

  /** A TLS handshake failed. */
  default void handshakeFailed() {}
}
