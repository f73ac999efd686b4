/**
 * Why a contract reverted, in words: the custom errors of OpenZeppelin 5, the strings of version 4,
 * the codes of the Safe and the texts of the contracts themselves.
 *
 * <p>Specification 20 §2 to §5, §7.4 and §8. Whoever simulates or sends a call asks it.
 */
@NullMarked
package dstack.kms.chain.revert;

import org.jspecify.annotations.NullMarked;
