/**
 * The encoding of the chain's own structures: byte strings and lists of them.
 *
 * <p>Only the canonical encoding is read, so that one value has one encoding and one hash. Used by
 * the packages beside it; nothing here knows what the values mean.
 */
@NullMarked
package dstack.kms.chain.proof.rlp;

import org.jspecify.annotations.NullMarked;
