/**
 * Root generations (ADR 0013): which store a node opens, what ties a generation to the one before
 * it, and what in the world outside is pinned to one.
 *
 * <p>{@link dstack.kms.onboard.epoch.EpochStores} is the only way in. The rule that keeps
 * generations apart is asked by the store itself, so that it holds for every procedure that stores
 * or reads keys.
 */
@NullMarked
package dstack.kms.onboard.epoch;

import org.jspecify.annotations.NullMarked;
