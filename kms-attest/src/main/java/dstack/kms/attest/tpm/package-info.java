/**
 * What a TPM 2.0 is reached by and the words that are exchanged with it (specification 14 §7, §8):
 * transport, big-endian fields, handles, hash algorithms, response codes and refusals.
 *
 * <p>There is no TSS behind it: commands are marshalled here. What a TPM answers is untrusted input
 * like any other. Used by the sub-packages, which add the commands, the transports, the client and
 * the two producers of evidence.
 */
@NullMarked
package dstack.kms.attest.tpm;

import org.jspecify.annotations.NullMarked;
