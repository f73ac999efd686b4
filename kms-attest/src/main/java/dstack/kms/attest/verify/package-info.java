/**
 * The trust decision over evidence: the ladder from an attestation that was only decoded to one
 * that may be believed (specification 10 §7).
 *
 * <p>Only {@link dstack.kms.attest.verify.AttestationVerifier} makes a {@link
 * dstack.kms.attest.verify.VerifiedAttestation}; whoever releases keys takes nothing else.
 */
@NullMarked
package dstack.kms.attest.verify;

import org.jspecify.annotations.NullMarked;
