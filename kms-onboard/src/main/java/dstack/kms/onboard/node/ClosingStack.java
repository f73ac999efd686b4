package dstack.kms.onboard.node;

import java.util.ArrayDeque;
import java.util.Deque;

/** Things to be closed, the last one first. Not for use by several threads. */
final class ClosingStack implements AutoCloseable {
  /** Closes without anything that a caller would have to handle. */
  @FunctionalInterface
  interface Closing {
    void close();
  }

  private final Deque<Closing> open = new ArrayDeque<>();

  /** Adds what is open from now on. */
  void push(Closing closing) {
    open.push(closing);
  }

  @Override
  public void close() {
    while (!open.isEmpty()) {
      open.pop().close();
    }
  }
}
