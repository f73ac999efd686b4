package dstack.kms.attest.tpm.command;

import dstack.kms.attest.tpm.TpmHandle;
import dstack.kms.attest.tpm.TpmReader;

/**
 * A successful response with its framing taken off, its content unread.
 *
 * @param handle the returned handle; {@link TpmHandle#NULL} where the command returns none
 * @param parameters the parameters
 */
public record Answer(TpmHandle handle, TpmReader parameters) {}
