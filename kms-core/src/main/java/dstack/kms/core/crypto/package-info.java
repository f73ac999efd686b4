/**
 * Primitives behind types that cannot be misused: key derivation, P-256, secp256k1, X25519,
 * Keccak-256 and ECDSA verification by a provider that is chosen by name (specifications 03, 41).
 */
@NullMarked
package dstack.kms.core.crypto;

import org.jspecify.annotations.NullMarked;
