/**
 * Verification of SGX and TDX quotes against Intel's collateral (specification 11 §6).
 *
 * <p>{@link dstack.kms.attest.dcap.QuoteVerifier} is the ladder of steps in the order of the
 * specification, and the only maker of {@link dstack.kms.attest.dcap.VerifiedQuote}. It decides
 * what is true, not what is wanted: every TCB status but {@code Revoked} passes and policy comes
 * later. Used by {@code attest.verify} and by the commands that verify files.
 */
@NullMarked
package dstack.kms.attest.dcap;

import org.jspecify.annotations.NullMarked;
