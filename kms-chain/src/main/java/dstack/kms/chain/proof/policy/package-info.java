/**
 * The rules of the two policy contracts, evaluated here over proved storage.
 *
 * <p>Specifications 20 §2.3, §3, §5 and §6. Only contracts whose code is known are evaluated: a
 * layout says nothing about a code that nobody knows. Used by the authority in proof mode.
 */
@NullMarked
package dstack.kms.chain.proof.policy;

import org.jspecify.annotations.NullMarked;
