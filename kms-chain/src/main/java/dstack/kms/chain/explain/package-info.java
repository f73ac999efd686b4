/**
 * What a boot lacks on chain: every rule of the contracts that it fails, not the first alone.
 *
 * <p>Specifications 20 §2.3 and 21 §8. For people; no key depends on it.
 */
@NullMarked
package dstack.kms.chain.explain;

import org.jspecify.annotations.NullMarked;
