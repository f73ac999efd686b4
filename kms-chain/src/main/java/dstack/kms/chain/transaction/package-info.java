/**
 * Transactions from the wish to the confirmed receipt: fees, nonce, balance, sending, waiting,
 * resuming.
 *
 * <p>Specification 22 §8. Whoever sends gives a signer, of {@code dstack.kms.chain.signing}; what
 * is broadcast was signed over exactly the fields that were asked for. The operations of governance
 * use it.
 */
@NullMarked
package dstack.kms.chain.transaction;

import org.jspecify.annotations.NullMarked;
