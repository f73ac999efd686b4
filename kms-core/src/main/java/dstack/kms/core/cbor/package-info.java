/**
 * Strict CBOR (RFC 8949) for the documents that evidence consists of: definite lengths only (but
 * for the one map that {@link dstack.kms.core.cbor.CborReader#readAllFromOpenMap} names), the
 * shortest form of every head, no map key twice, nothing after the item (specifications 15 §1, 16
 * §5, 17 §3).
 *
 * <p>Reading gives a tree of immutable values; floats and simple values other than the booleans and
 * null are refused.
 */
@NullMarked
package dstack.kms.core.cbor;

import org.jspecify.annotations.NullMarked;
