/**
 * Which block a decision is made at.
 *
 * <p>Specification 21 §8 (2, 3) and §8.1, §8.2, §8.4. Each endpoint is watched in the background;
 * from what all of them say, one view is chosen: the newest block and the block at which grants
 * must stand, each known by its hash to as many endpoints as must agree. A decision takes the view
 * as it is and pins its reads to these hashes. The authorities of this module use it.
 */
@NullMarked
package dstack.kms.chain.head;

import org.jspecify.annotations.NullMarked;
