package dstack.kms.attest.nitro;

import dstack.kms.attest.appinfo.VmConfig;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;

/** The hash of the OS image in the VM configuration that counts: a claim. */
final class ClaimedImage {
  private ClaimedImage() {}

  /** The hash, empty if none is claimed. */
  static Bytes hash(String external, String embedded) {
    try {
      return VmConfig.resolve(external, embedded).osImageHash();
    } catch (RefusalException e) {
      throw e.within("Failed to decode os image hash");
    }
  }
}
