package dstack.kms.core.refusal;

import java.util.function.Supplier;

/** One step of a procedure, whose refusal says which step it was. */
public final class Step {
  private Step() {}

  /** The step's result; a refusal is passed on with the context before its text. */
  public static <T> T named(String context, Supplier<T> step) {
    try {
      return step.get();
    } catch (RefusalException e) {
      throw e.within(context);
    }
  }
}
