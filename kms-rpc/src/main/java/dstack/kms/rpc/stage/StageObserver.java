package dstack.kms.rpc.stage;

import java.time.Duration;
import java.util.function.Supplier;

/** Is told how long stages took, on the thread that did them. Must not block. */
public interface StageObserver {
  /** Nobody listens. */
  StageObserver NONE = new StageObserver() {};

  /** A stage has just ended, by success or not, and took so long. */
  default void took(Stage stage, Duration took) {}

  /** A request was answered; told within its scope. */
  default void answered(String listener, String method, int status, Duration took) {}

  /** What the step gives; its time is told whether it succeeds or not. */
  default <T> T timed(Stage stage, Supplier<T> step) {
    long started = System.nanoTime();
    try {
      return step.get();
    } finally {
      took(stage, Duration.ofNanos(System.nanoTime() - started));
    }
  }
}
