/**
 * The signed documents that a quote is verified against, and where they come from (specification 11
 * §5).
 *
 * <p>What a provisioning service sends is untrusted: it is checked through {@link
 * dstack.kms.attest.collateral.CollateralCheck} before it is kept, in memory and again when it is
 * read back from disk. A hostile service can therefore only cause refusals.
 */
@NullMarked
package dstack.kms.attest.collateral;

import org.jspecify.annotations.NullMarked;
