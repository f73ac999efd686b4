/**
 * Evidence of AMD SEV-SNP guests (specification 16): the report is parsed, authenticated up to
 * AMD's root of the processor family, bound to the claims and described.
 *
 * <p>{@link dstack.kms.attest.snp.SnpVerifier} alone makes a {@link
 * dstack.kms.attest.snp.VerifiedSevSnp}, and that gives no identity to a guest whose launch cannot
 * be computed anew.
 */
@NullMarked
package dstack.kms.attest.snp;

import org.jspecify.annotations.NullMarked;
