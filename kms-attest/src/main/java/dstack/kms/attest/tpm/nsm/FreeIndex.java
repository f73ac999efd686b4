package dstack.kms.attest.tpm.nsm;

import dstack.kms.attest.tpm.TpmHandle;
import dstack.kms.attest.tpm.TpmRefusal;
import dstack.kms.attest.tpm.client.Tpm;
import dstack.kms.attest.tpm.command.GetHandles;

/** Finds an NV index that nobody uses, from 0x01000000 upwards. */
final class FreeIndex {
  private static final int FIRST = 0x0100_0000;
  private static final int LAST = 0x01ff_ffff;
  private static final int MOST_ANSWERS = 64;

  private FreeIndex() {}

  /** The first index that is not in use. */
  static TpmHandle find(Tpm tpm) {
    int candidate = FIRST;
    for (int answers = 0; answers < MOST_ANSWERS; answers++) {
      GetHandles.InUse inUse = tpm.run(new GetHandles(new TpmHandle(candidate)));
      int before = candidate;
      for (TpmHandle used : inUse.handles()) {
        if (used.value() == candidate) {
          candidate++;
        }
      }
      boolean gap = candidate - before < inUse.handles().size();
      if (candidate > LAST) {
        break;
      }
      if (gap || !inUse.more()) {
        return new TpmHandle(candidate);
      }
    }
    throw TpmRefusal.NOT_PROVISIONED.because("could not find free TPM NV index handle");
  }
}
