/**
 * Certificate paths and revocation for the hierarchies behind quotes (specification 11 §4 and §7).
 *
 * <p>Certificates and lists are parsed strictly from DER, signatures are ECDSA P-256 with SHA-256
 * through {@link dstack.kms.core.crypto.SignatureVerifier} only, and every certificate below the
 * anchor must be found unrevoked in a list that is in force. Used by {@code attest.dcap} and, for
 * reading names and extensions, by {@code attest.collateral}.
 */
@NullMarked
package dstack.kms.attest.x509;

import org.jspecify.annotations.NullMarked;
