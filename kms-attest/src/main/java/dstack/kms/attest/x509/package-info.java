/**
 * Certificate paths and revocation for the hierarchies behind evidence (specification 11 §4 and §7,
 * 14 §4 step 8, 15 §2 step 7, 16 §3).
 *
 * <p>Certificates and lists are parsed strictly from DER and signatures are verified through {@link
 * dstack.kms.core.crypto.SignatureVerifier} only, under the algorithms that a hierarchy's {@link
 * dstack.kms.attest.x509.PathRules} allow. Intel's hierarchy is checked by {@link
 * dstack.kms.attest.x509.PathValidator}, where every certificate needs a list; the others by {@code
 * attest.issuer}, where a certificate that names a list needs it.
 */
@NullMarked
package dstack.kms.attest.x509;

import org.jspecify.annotations.NullMarked;
