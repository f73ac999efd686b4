package dstack.kms.attest.tpm.command;

import dstack.kms.attest.tpm.TpmHandle;
import dstack.kms.attest.tpm.TpmWriter;
import dstack.kms.core.bytes.Bytes;

/**
 * One entry of a command's authorization area.
 *
 * @param session the session, or {@link TpmHandle#PASSWORD}
 * @param nonceCaller this side's fresh nonce; empty with a password
 * @param attributes the TPMA_SESSION, one byte
 * @param proof the HMAC, or the password itself
 */
public record Authorization(TpmHandle session, Bytes nonceCaller, int attributes, Bytes proof) {
  /** The empty password: {@code 40000009 0000 00 0000}. */
  public static final Authorization EMPTY_PASSWORD = password(Bytes.EMPTY);

  /** That password in the clear. */
  public static Authorization password(Bytes value) {
    return new Authorization(TpmHandle.PASSWORD, Bytes.EMPTY, 0, value);
  }

  void write(TpmWriter output) {
    output.handle(session).sized(nonceCaller).u8(attributes).sized(proof);
  }

  /** Without the proof, which may be a password. */
  @Override
  public String toString() {
    return "Authorization[" + session + "]";
  }
}
