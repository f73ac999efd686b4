/**
 * The security module of EC2 behind NitroTPM: a request goes through an NV index and a vendor
 * command, and its answer is an attestation document (specification 15 §9).
 *
 * <p>Everything but the vendor command was tried against a software TPM; the vendor command itself
 * never against a real one.
 */
@NullMarked
package dstack.kms.attest.tpm.nsm;

import org.jspecify.annotations.NullMarked;
