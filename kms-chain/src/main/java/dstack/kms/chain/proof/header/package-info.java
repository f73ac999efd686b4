/**
 * The header of a block, checked against the block's hash.
 *
 * <p>Specification 21 §8.3. Where the trusted hash comes from (a quorum, a light client) is not
 * known here.
 */
@NullMarked
package dstack.kms.chain.proof.header;

import org.jspecify.annotations.NullMarked;
