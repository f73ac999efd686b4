/**
 * Transactions of a Safe: what its owners sign, how their signatures are packed, what the contract
 * says about them, and which contracts are the real ones.
 *
 * <p>Specification 20 §8, for Safe 1.3.0 and 1.4.1. Nothing here sends a transaction. The packages
 * about proposals and the command line use it.
 */
@NullMarked
package dstack.kms.chain.safe;

import org.jspecify.annotations.NullMarked;
