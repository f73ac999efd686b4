package dstack.kms.chain.governance;

import dstack.kms.chain.account.Address;
import java.util.Optional;

/**
 * An app to be created.
 *
 * @param owner who may change it
 * @param upgradesDisabled whether its code is final
 * @param requireTcbUpToDate whether it runs on up-to-date platforms only
 * @param allowAnyDevice whether it runs on every device
 * @param device the first device that it may run on
 * @param composeHash the first compose hash that it may run with
 */
public record NewApp(
    Address owner,
    boolean upgradesDisabled,
    boolean requireTcbUpToDate,
    boolean allowAnyDevice,
    Optional<PolicyHash> device,
    Optional<PolicyHash> composeHash) {
  /** Refuses nobody as the owner. */
  public NewApp {
    if (owner.isZero()) {
      throw GovernanceRefusal.VALUE.because("an app needs an owner other than the zero address");
    }
  }
}
