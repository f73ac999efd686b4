/**
 * One JSON-RPC endpoint as governance uses it: typed questions, and answers that are either of the
 * expected form or refused.
 *
 * <p>Specification 22 §3 and §8: methods of the {@code eth} namespace only. The operations of
 * governance use it; a running server decides through endpoints that check each other.
 */
@NullMarked
package dstack.kms.chain.endpoint;

import org.jspecify.annotations.NullMarked;
