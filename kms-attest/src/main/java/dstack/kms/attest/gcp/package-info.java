/**
 * Evidence of Intel TDX guests on Google Cloud: a TDX quote, and a quote of the machine's virtual
 * TPM over it (specification 14).
 *
 * <p>Four steps, in {@link dstack.kms.attest.gcp.GcpTdxVerifier}: the TDX half is verified whole;
 * the TPM's message and signature are parsed and checked against the registers and the boot log
 * that came with them; nonce and runtime register tie both halves together; the attestation key's
 * certificate is followed to Google's root. Nothing is fetched for the last step before everything
 * else holds. What image was booted is a question of its own: {@link
 * dstack.kms.attest.gcp.GcpImageRule}.
 */
@NullMarked
package dstack.kms.attest.gcp;

import org.jspecify.annotations.NullMarked;
