/**
 * The key hierarchy: every key that an application gets is a function of the two roots, its app id
 * and its instance id (specification 03 §1–§6).
 *
 * <p>Whoever holds a {@link dstack.kms.core.derivation.KeyDerivation} can release keys; it belongs
 * into the hands of the key release alone, behind a verified attestation.
 */
@NullMarked
package dstack.kms.core.derivation;

import org.jspecify.annotations.NullMarked;
