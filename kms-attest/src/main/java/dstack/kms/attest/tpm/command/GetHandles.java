package dstack.kms.attest.tpm.command;

import dstack.kms.attest.tpm.TpmHandle;
import dstack.kms.attest.tpm.TpmReader;
import dstack.kms.attest.tpm.TpmRefusal;
import dstack.kms.attest.tpm.TpmWriter;
import dstack.kms.core.refusal.RefusalException;
import java.util.ArrayList;
import java.util.List;

/**
 * TPM2_GetCapability for handles: those in use from one handle upwards.
 *
 * @param first the smallest handle of interest; its first byte selects the kind
 */
public record GetHandles(TpmHandle first) implements TpmCommand<GetHandles.InUse> {
  private static final int CAPABILITY_HANDLES = 1;
  private static final int MOST = 254;

  /**
   * Some handles in use.
   *
   * @param handles in ascending order, none below the one asked for
   * @param more whether there are more
   */
  public record InUse(List<TpmHandle> handles, boolean more) {
    public InUse {
      handles = List.copyOf(handles);
    }
  }

  @Override
  public CommandCode code() {
    return CommandCode.GET_CAPABILITY;
  }

  @Override
  public void writeParameters(TpmWriter output) {
    output.u32(CAPABILITY_HANDLES).handle(first).u32(MOST);
  }

  @Override
  public InUse read(Answer answer) {
    TpmReader parameters = answer.parameters();
    boolean more = parameters.u8("more data") != 0;
    if (parameters.u32("capability") != CAPABILITY_HANDLES) {
      throw malformed("another capability than handles");
    }
    int count = parameters.count(MOST, "handles");
    List<TpmHandle> handles = new ArrayList<>();
    int least = first.value();
    for (int i = 0; i < count; i++) {
      TpmHandle handle = parameters.handle("handle");
      if (Integer.compareUnsigned(handle.value(), least) < 0) {
        throw malformed("handles out of order");
      }
      least = handle.value() + 1;
      handles.add(handle);
    }
    return new InUse(handles, more);
  }

  private static RefusalException malformed(String text) {
    return TpmRefusal.MALFORMED_ANSWER.because("TPM2_GetCapability returned " + text);
  }
}
