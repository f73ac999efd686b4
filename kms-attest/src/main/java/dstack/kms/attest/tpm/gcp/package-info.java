/**
 * The producer's half of GCP evidence (specification 14 §2): Google's attestation key, a quote of
 * its TPM over the hash of a TDX quote, and the firmware's boot log.
 *
 * <p>Nothing here is checked: that is for whoever gets the evidence.
 */
@NullMarked
package dstack.kms.attest.tpm.gcp;

import org.jspecify.annotations.NullMarked;
