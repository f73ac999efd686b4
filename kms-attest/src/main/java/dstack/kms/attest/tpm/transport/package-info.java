/**
 * Ways to a TPM: the kernel's device file, a Unix socket, TCP (specification 14 §8).
 *
 * <p>Used through {@link dstack.kms.attest.tpm.transport.TpmAddress} by whoever configures a
 * producer of evidence.
 */
@NullMarked
package dstack.kms.attest.tpm.transport;

import org.jspecify.annotations.NullMarked;
