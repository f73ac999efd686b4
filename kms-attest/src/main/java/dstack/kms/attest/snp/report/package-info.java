/**
 * The attestation report of AMD SEV-SNP: its layout, its versions of trusted components and the
 * rules that a report has to meet (specification 16 §2 and §3).
 *
 * <p>A report that was parsed is well-formed and nothing more: its signature is the business of the
 * package above.
 */
@NullMarked
package dstack.kms.attest.snp.report;

import org.jspecify.annotations.NullMarked;
