package dstack.kms.attest.collateral;

import dstack.kms.attest.quote.UnverifiedQuote;

/** Where the collateral for a quote comes from: a service, or what the operator gave. */
@FunctionalInterface
public interface CollateralSource {
  /**
   * The collateral for the platform that the quote names. Blocks until it is there or a deadline
   * has passed.
   *
   * @throws dstack.kms.core.refusal.RefusalException if there is none to be had
   */
  Collateral collateralFor(UnverifiedQuote quote);
}
