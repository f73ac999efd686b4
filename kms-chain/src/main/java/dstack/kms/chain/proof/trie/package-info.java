/**
 * Proofs that a value stands, or does not stand, under a key of a Merkle-Patricia trie of which
 * only the root's hash is known.
 *
 * <p>Specification 21 §8.3. The tries are those of accounts and of storage: every key is the hash
 * of something, 32 bytes. Used by the package {@code state}.
 */
@NullMarked
package dstack.kms.chain.proof.trie;

import org.jspecify.annotations.NullMarked;
