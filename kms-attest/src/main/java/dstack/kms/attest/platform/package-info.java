/**
 * What every platform's verification has in common: the claims that its evidence must bear out, and
 * what is known once it did.
 *
 * <p>Each platform is a package of its own with the same four steps: parse the hardware's
 * statement, authenticate it up to a vendor's root, bind it to the claims, describe the workload.
 * Only these packages implement {@link dstack.kms.attest.platform.VerifiedPlatform}.
 */
@NullMarked
package dstack.kms.attest.platform;

import org.jspecify.annotations.NullMarked;
