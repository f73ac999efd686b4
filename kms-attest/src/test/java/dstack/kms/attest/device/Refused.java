package dstack.kms.attest.device;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dstack.kms.core.refusal.RefusalException;
import org.assertj.core.api.AbstractThrowableAssert;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** Expects a refusal of one kind. */
public final class Refused {
  private Refused() {}

  /** The refusal with that code. */
  public static AbstractThrowableAssert<?, ? extends Throwable> as(
      DeviceRefusal code, ThrowingCallable call) {
    return assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            RefusalException.class,
            e -> org.assertj.core.api.Assertions.assertThat(e.code()).isEqualTo(code));
  }
}
