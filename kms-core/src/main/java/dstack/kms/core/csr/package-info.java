/**
 * Requests of applications to certify a key, in their own SCALE form (specification 02 §7).
 *
 * <p>A parsed request is untrusted; {@link dstack.kms.core.csr.VerifiedCsr} proves that whoever
 * wrote it holds the key. Whether the evidence in it holds is for the attestation verifier to say.
 */
@NullMarked
package dstack.kms.core.csr;

import org.jspecify.annotations.NullMarked;
