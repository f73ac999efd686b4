package dstack.kms.onboard.node;

import dstack.kms.core.refusal.RefusalException;
import dstack.kms.rpc.http.HttpServer;
import dstack.kms.rpc.http.Listener;
import java.io.IOException;

/** Opens listeners. */
final class Listening {
  private Listening() {}

  /** A way to open one that fails as sockets do. */
  @FunctionalInterface
  interface Opening {
    HttpServer open() throws IOException;
  }

  /** The running listener, or a refusal that says what to look at. */
  static HttpServer at(Listener listener) {
    return open(() -> HttpServer.start(listener));
  }

  /** The same for one that knows itself how it is opened. */
  static HttpServer open(Opening opening) {
    try {
      return opening.open();
    } catch (IOException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw RefusalException.causedBy(
          NodeRefusal.LISTEN, e.getMessage() + ": " + cause.getMessage(), e);
    }
  }
}
