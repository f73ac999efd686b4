/**
 * Attestations as they travel: the containers V0 (SCALE) and V1 (MessagePack), the evidence of the
 * five platforms in them, the stripped form for certificates and the older pair of extensions
 * (specification 10 §1 to §6, 02 §3).
 *
 * <p>Decoding checks form and size only. What comes out is {@link
 * dstack.kms.attest.evidence.UnverifiedAttestation}; only {@code attest.verify} turns it into
 * something that may be believed.
 */
@NullMarked
package dstack.kms.attest.evidence;

import org.jspecify.annotations.NullMarked;
