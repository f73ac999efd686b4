package dstack.kms.attest.nitro;

import dstack.kms.attest.appinfo.VmConfig;

/** Whether an enclave's image is the claimed one (specification 15 §4, 17 §1). */
public final class NitroImageRule {
  private NitroImageRule() {}

  /**
   * Refuses unless the claimed hash is SHA-256 of the three registers; a configuration that claims
   * none is refused as well.
   */
  public static void require(VerifiedNitroEnclave enclave, VmConfig config) {
    enclave.measurement().requireImage(config.osImageHash());
  }
}
