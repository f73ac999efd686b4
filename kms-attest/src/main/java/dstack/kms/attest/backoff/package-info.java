/**
 * What could not be had is not asked for again for a while (specification 40, T-23, T-25).
 *
 * <p>Sources of collateral and of images use it.
 */
@NullMarked
package dstack.kms.attest.backoff;

import org.jspecify.annotations.NullMarked;
