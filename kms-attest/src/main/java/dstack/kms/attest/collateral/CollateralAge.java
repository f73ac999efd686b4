package dstack.kms.attest.collateral;

import java.time.Instant;

/**
 * How old one kept collateral is, for gauges.
 *
 * @param key which collateral
 * @param keptSince when it was fetched; for collateral read from disk when it was issued
 * @param oldestIssue when the older of its two daily documents was issued
 * @param validUntil the last instant at which it may be used
 */
public record CollateralAge(
    CollateralKey key, Instant keptSince, Instant oldestIssue, Instant validUntil) {
  static CollateralAge of(KeptCollateral.Entry entry) {
    return new CollateralAge(
        entry.key(),
        entry.since(),
        entry.checked().issued().oldestDocument(),
        entry.checked().window().lastInstant());
  }
}
