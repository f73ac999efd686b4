/**
 * Evidence of AWS Nitro enclaves and of EC2 instances with NitroTPM: attestation documents that a
 * Nitro hypervisor signed (specification 15).
 *
 * <p>Parse: {@link dstack.kms.attest.nitro.CoseSign1}, {@link
 * dstack.kms.attest.nitro.AttestationDocument}. Authenticate: {@link
 * dstack.kms.attest.nitro.DocumentVerifier}, the only maker of a {@link
 * dstack.kms.attest.nitro.VerifiedDocument}. Bind: {@link
 * dstack.kms.attest.nitro.NitroEnclaveVerifier} and {@link
 * dstack.kms.attest.nitro.NitroTpmVerifier}. Describe: {@link
 * dstack.kms.attest.nitro.VerifiedNitroEnclave} and {@link
 * dstack.kms.attest.nitro.VerifiedNitroTpm}.
 *
 * <p>Both kinds of document hang on the same root. They are told apart by the name of the map of
 * registers and by the module that signed, so that neither can pass for the other.
 */
@NullMarked
package dstack.kms.attest.nitro;

import org.jspecify.annotations.NullMarked;
