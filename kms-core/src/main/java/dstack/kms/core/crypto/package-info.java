/**
 * Primitives behind types that cannot be misused: key derivation, P-256, secp256k1, X25519,
 * Keccak-256 and ECDSA verification by a provider that is chosen by name (specifications 03, 41).
 *
 * <p>Not promised: Bouncy Castle computes with {@code BigInteger}s, which cannot be erased, and the
 * provider interfaces copy key encodings on the heap. Private scalars are lent to them for one call
 * at a time and otherwise stay outside the heap.
 */
@NullMarked
package dstack.kms.core.crypto;

import org.jspecify.annotations.NullMarked;
