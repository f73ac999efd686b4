package dstack.kms.attest.tpm.command;

import dstack.kms.attest.tpm.TpmHandle;
import dstack.kms.attest.tpm.TpmRefusal;
import dstack.kms.attest.tpm.TpmWriter;
import dstack.kms.core.bytes.Bytes;
import java.util.List;

/**
 * TPM2_NV_Read: exactly so many bytes of an index.
 *
 * @param authority whose authorization it is: the owner or the index itself
 * @param index the index
 * @param size at most {@link #CHUNK} bytes
 * @param offset where they begin
 * @param authorization the authorization
 */
public record NvRead(
    TpmHandle authority, TpmHandle index, int size, int offset, Authorization authorization)
    implements TpmCommand<Bytes> {
  /** The most bytes that one read or write carries. */
  public static final int CHUNK = 1024;

  @Override
  public CommandCode code() {
    return CommandCode.NV_READ;
  }

  @Override
  public List<TpmHandle> handles() {
    return List.of(authority, index);
  }

  @Override
  public List<Authorization> authorizations() {
    return List.of(authorization);
  }

  @Override
  public void writeParameters(TpmWriter output) {
    output.u16(size).u16(offset);
  }

  @Override
  public Bytes read(Answer answer) {
    Bytes content = answer.parameters().sized("NV data");
    if (content.length() != size) {
      throw TpmRefusal.MALFORMED_ANSWER.because(
          "TPM2_NV_Read returned " + content.length() + " bytes instead of " + size);
    }
    return content;
  }
}
