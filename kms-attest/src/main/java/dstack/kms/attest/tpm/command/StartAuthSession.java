package dstack.kms.attest.tpm.command;

import dstack.kms.attest.tpm.TpmHandle;
import dstack.kms.attest.tpm.TpmHash;
import dstack.kms.attest.tpm.TpmRefusal;
import dstack.kms.attest.tpm.TpmWriter;
import dstack.kms.core.bytes.Bytes;
import java.util.List;

/**
 * TPM2_StartAuthSession: an HMAC session, unbound, salted, without parameter encryption.
 *
 * @param saltKey the loaded key that the salt is encrypted to
 * @param encryptedSalt the salt, RSA-OAEP
 * @param nonceCaller this side's nonce
 * @param hash the session's hash
 */
public record StartAuthSession(
    TpmHandle saltKey, Bytes encryptedSalt, Bytes nonceCaller, TpmHash hash)
    implements TpmCommand<StartAuthSession.Started> {
  private static final int HMAC_SESSION = 0x00;
  private static final int SYMMETRIC_NULL = 0x0010;

  /**
   * A session, which must be flushed.
   *
   * @param handle the session
   * @param nonceTpm the TPM's nonce, as long as a digest of the session's hash
   */
  public record Started(TpmHandle handle, Bytes nonceTpm) {}

  @Override
  public CommandCode code() {
    return CommandCode.START_AUTH_SESSION;
  }

  @Override
  public List<TpmHandle> handles() {
    return List.of(saltKey, TpmHandle.NULL);
  }

  @Override
  public void writeParameters(TpmWriter output) {
    output
        .sized(nonceCaller)
        .sized(encryptedSalt)
        .u8(HMAC_SESSION)
        .u16(SYMMETRIC_NULL)
        .u16(hash.id());
  }

  @Override
  public boolean returnsHandle() {
    return true;
  }

  @Override
  public Started read(Answer answer) {
    Bytes nonceTpm = answer.parameters().sized("nonce of the TPM");
    if (!answer.handle().isHmacSession() || nonceTpm.length() != nonceCaller.length()) {
      throw TpmRefusal.MALFORMED_ANSWER.because(
          "TPM2_StartAuthSession returned the handle "
              + answer.handle()
              + " and a nonce of "
              + nonceTpm.length()
              + " bytes");
    }
    return new Started(answer.handle(), nonceTpm);
  }
}
