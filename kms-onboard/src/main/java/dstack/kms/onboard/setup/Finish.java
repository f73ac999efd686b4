package dstack.kms.onboard.setup;

import dstack.kms.core.refusal.RefusalException;
import java.util.function.BooleanSupplier;

/** Ends set-up once the key store is complete (specifications 04 §2, 00 §9, T-08). */
final class Finish {
  private final BooleanSupplier complete;
  private final Runnable end;

  /**
   * @param complete whether every file that serving needs is there
   * @param end tells the node to go on; returns at once, so that the caller still gets its answer
   */
  Finish(BooleanSupplier complete, Runnable end) {
    this.complete = complete;
    this.end = end;
  }

  /** Ends set-up, or refuses while there are no keys. A second call changes nothing. */
  void run() {
    if (!complete.getAsBoolean()) {
      throw new RefusalException(
          SetupRefusal.NOT_FINISHED,
          "KMS has no keys yet: call Onboard.Bootstrap before finishing the set-up");
    }
    end.run();
  }
}
