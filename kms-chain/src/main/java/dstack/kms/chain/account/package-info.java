/**
 * Addresses, words and calls: what everything about the chain is said in.
 *
 * <p>Specifications 20 §1 and 22 §9. Anything of {@code kms-chain} may use it.
 */
@NullMarked
package dstack.kms.chain.account;

import org.jspecify.annotations.NullMarked;
