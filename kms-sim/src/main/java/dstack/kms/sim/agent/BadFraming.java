package dstack.kms.sim.agent;

import java.io.IOException;

/**
 * The bytes on the connection are no request that can be answered; it is closed after the answer.
 */
final class BadFraming extends IOException {
  private static final long serialVersionUID = 1L;

  private final int status;

  BadFraming(int status, String text) {
    super(text);
    this.status = status;
  }

  /** The HTTP status of the last answer. */
  int status() {
    return status;
  }
}
