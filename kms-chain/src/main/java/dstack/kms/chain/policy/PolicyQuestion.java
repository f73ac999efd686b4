package dstack.kms.chain.policy;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;

/**
 * Whether one workload may have keys.
 *
 * @param route in which of the two roles
 * @param workload what it is
 */
public record PolicyQuestion(Route route, AppBootInfo workload) {
  /**
   * Refuses a workload that lacks what its role's lists are asked about. The contract would look up
   * zero instead, so that a zero in a list would admit everything that has none (specification 20
   * §1). The texts are the contract's own for what is not listed.
   */
  public PolicyQuestion {
    requirePresent(workload.osImageHash().isZero(), "OS image is not allowed");
    boolean kms = route == Route.KMS;
    requirePresent(kms && workload.mrAggregated().isZero(), "Aggregated MR not allowed");
    requirePresent(
        kms && workload.deviceId().isZero(), "KMS is not allowed to boot on this device");
    requirePresent(!kms && workload.appId().isZero(), "App not registered");
    requirePresent(!kms && workload.composeHash().isZero(), "Compose hash not allowed");
    requirePresent(!kms && workload.deviceId().isZero(), "Device not allowed");
  }

  private static void requirePresent(boolean absent, String reason) {
    if (absent) {
      throw new RefusalException(
          PolicyRefusal.ABSENT, reason, "the evidence has none, or zero, which no list may hold");
    }
  }

  /** The call of the decision function. */
  public Bytes calldata() {
    return Bytes.concat(route.selector(), workload.encoded());
  }
}
