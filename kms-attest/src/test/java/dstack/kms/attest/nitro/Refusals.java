package dstack.kms.attest.nitro;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dstack.kms.core.refusal.RefusalException;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** The refusal that a call ends in. */
final class Refusals {
  private Refusals() {}

  static RefusalException of(ThrowingCallable call) {
    RefusalException refusal = catchThrowableOfType(RefusalException.class, call);
    if (refusal == null) {
      throw new AssertionError("nothing was refused");
    }
    return refusal;
  }
}
