package dstack.kms.attest.collateral;

import java.time.Instant;

/** Decides whether collateral may be kept. Implemented by {@code attest.dcap}. */
public interface CollateralCheck {
  /**
   * Checks every signature, path, revocation and date, and that it is the collateral of that key.
   *
   * @throws dstack.kms.core.refusal.RefusalException with the first reason against it
   */
  CheckedCollateral check(Collateral collateral, CollateralKey key, Instant now);
}
