package dstack.kms.onboard.setup;

import dstack.kms.core.refusal.RefusalException;
import java.util.function.Supplier;

/** One step of a procedure, whose refusal says which step it was. */
final class Step {
  private Step() {}

  /** The step's result; a refusal is passed on with the context before its text. */
  static <T> T named(String context, Supplier<T> step) {
    try {
      return step.get();
    } catch (RefusalException e) {
      throw e.within(context);
    }
  }

  /** The same for a step without a result. */
  static void run(String context, Runnable step) {
    try {
      step.run();
    } catch (RefusalException e) {
      throw e.within(context);
    }
  }
}
