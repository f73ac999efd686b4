package dstack.kms.attest.tpm.command;

import dstack.kms.attest.tpm.TpmHandle;
import dstack.kms.attest.tpm.TpmReader;
import dstack.kms.attest.tpm.TpmRefusal;
import dstack.kms.attest.tpm.TpmWriter;
import dstack.kms.core.bytes.Bytes;
import java.util.List;

/**
 * TPM2_CreatePrimary with the empty password: the same template under the same hierarchy makes the
 * same key each time.
 *
 * @param hierarchy for example {@link TpmHandle#ENDORSEMENT}
 * @param template the bytes of a TPMT_PUBLIC
 */
public record CreatePrimary(TpmHandle hierarchy, Bytes template)
    implements TpmCommand<CreatePrimary.Created> {
  private static final Bytes EMPTY_SENSITIVE = Bytes.fromHex("000400000000");

  /**
   * A loaded key, which must be flushed.
   *
   * @param handle a transient handle
   * @param publicArea its TPMT_PUBLIC
   */
  public record Created(TpmHandle handle, Bytes publicArea) {}

  @Override
  public CommandCode code() {
    return CommandCode.CREATE_PRIMARY;
  }

  @Override
  public List<TpmHandle> handles() {
    return List.of(hierarchy);
  }

  @Override
  public List<Authorization> authorizations() {
    return List.of(Authorization.EMPTY_PASSWORD);
  }

  @Override
  public void writeParameters(TpmWriter output) {
    output.raw(EMPTY_SENSITIVE).sized(template).sized(Bytes.EMPTY).u32(0);
  }

  @Override
  public boolean returnsHandle() {
    return true;
  }

  @Override
  public Created read(Answer answer) {
    if (!answer.handle().isTransient()) {
      throw TpmRefusal.MALFORMED_ANSWER.because(
          "TPM2_CreatePrimary returned the handle " + answer.handle());
    }
    TpmReader parameters = answer.parameters();
    Created created = new Created(answer.handle(), parameters.sized("public area"));
    parameters.sized("creation data");
    parameters.sized("creation hash");
    parameters.u16("ticket tag");
    parameters.u32("ticket hierarchy");
    parameters.sized("ticket digest");
    parameters.sized("name");
    return created;
  }
}
