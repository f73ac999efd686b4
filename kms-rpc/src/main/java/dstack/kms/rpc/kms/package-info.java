/**
 * The KMS service: who gets which keys, in the order and with the texts of specification 04 §5.
 *
 * <p>Keys are derived only from a {@code KeyGrant}, and only {@code Authorization} makes grants,
 * out of a {@link dstack.kms.attest.verify.VerifiedAttestation}. Listeners mount {@link
 * dstack.kms.rpc.kms.KmsService#rpc()}.
 */
@NullMarked
package dstack.kms.rpc.kms;

import org.jspecify.annotations.NullMarked;
