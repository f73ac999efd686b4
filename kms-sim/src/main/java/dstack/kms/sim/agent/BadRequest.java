package dstack.kms.sim.agent;

import java.util.Objects;

/** A request that the agent answers with 400 and this text. */
final class BadRequest extends RuntimeException {
  private static final long serialVersionUID = 1L;

  BadRequest(String text) {
    super(text);
  }

  /** What the client is told. */
  String text() {
    return Objects.requireNonNull(getMessage());
  }
}
