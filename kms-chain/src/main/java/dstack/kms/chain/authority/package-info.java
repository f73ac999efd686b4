/**
 * The authorities that read the policy contract themselves (specification 21 §8).
 *
 * <p>{@link dstack.kms.chain.authority.ChainAuthorities} is made by the program and makes them. A
 * decision takes the view of {@code dstack.kms.chain.head} and has a {@link
 * dstack.kms.chain.authority.PolicyReader} read the contract at its two blocks; there is one reader
 * for each mode.
 */
@NullMarked
package dstack.kms.chain.authority;

import org.jspecify.annotations.NullMarked;
