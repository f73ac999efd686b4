package dstack.kms.attest.collateral;

import java.time.Instant;

/**
 * How old one kept collateral is, for gauges.
 *
 * @param key which collateral
 * @param keptSince when it was fetched; for collateral read from disk when it was issued
 * @param issued when each of its documents was issued
 * @param validUntil the last instant at which it may be used
 */
public record CollateralAge(
    CollateralKey key, Instant keptSince, CheckedCollateral.Issued issued, Instant validUntil) {
  /** When the older of its two daily documents was issued. */
  public Instant oldestIssue() {
    return issued.oldestDocument();
  }

  static CollateralAge of(KeptCollateral.Entry entry) {
    return new CollateralAge(
        entry.key(),
        entry.since(),
        entry.checked().issued(),
        entry.checked().window().lastInstant());
  }
}
