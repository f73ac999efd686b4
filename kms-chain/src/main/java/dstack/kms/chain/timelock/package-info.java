/**
 * Operations of an OpenZeppelin TimelockController: what they are, how they are called, and what
 * the contract says about them.
 *
 * <p>Specification 20 §7. Nothing here sends a transaction. The packages about proposals and the
 * command line use it.
 */
@NullMarked
package dstack.kms.chain.timelock;

import org.jspecify.annotations.NullMarked;
