/**
 * Benchmarks with the floor of each stage measured in the same run (specification 41).
 *
 * <p>Absolute times hold on no shared machine; what counts is the ratio of a stage to its floor:
 * the signature checks and multiplications that nobody can avoid, made with the same provider.
 * Started by {@code ./kms bench}; nothing of this is in the product.
 */
@NullMarked
package dstack.kms.bench;

import org.jspecify.annotations.NullMarked;
