/**
 * The TPM 2.0 commands as records that know their bytes and their answer (TPM 2.0 library
 * specification part 3; specification 14 §7 and 15 §9).
 *
 * <p>{@link dstack.kms.attest.tpm.command.CommandFrame} does the framing: tag, size, code, handles,
 * authorizations, parameters; and back. Used by {@code tpm.client}.
 */
@NullMarked
package dstack.kms.attest.tpm.command;

import org.jspecify.annotations.NullMarked;
