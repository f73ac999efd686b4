/**
 * Calls of the contracts as bytes, and bytes as calls again: typed arguments are encoded, and
 * whatever a wallet is asked to sign is read back to a function, named arguments and a sentence.
 *
 * <p>Specifications 20 §2 to §8 and 22 §6 (decode before sign). Reading is strict: only the one
 * canonical encoding of a known function is understood, everything else is called unknown. The
 * operations of governance and the commands use it; the decisions of a running server have their
 * own codec.
 */
@NullMarked
package dstack.kms.chain.calldata;

import org.jspecify.annotations.NullMarked;
