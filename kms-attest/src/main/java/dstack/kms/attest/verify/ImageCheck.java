package dstack.kms.attest.verify;

/**
 * Whether the image that was measured is the one that the VM configuration claims (specification 17
 * §1). Asked after the authority allowed the boot and before keys are released.
 */
@FunctionalInterface
public interface ImageCheck {
  /**
   * Refuses unless the claimed OS image is the measured one.
   *
   * @param vmConfig the request's VM configuration; empty to take the one inside the evidence
   * @throws dstack.kms.core.refusal.RefusalException if it is not, or if that cannot be found out
   */
  void require(VerifiedAttestation evidence, String vmConfig);

  /** Leaves the image to the authority's list: {@code core.image.verify = false}. */
  static ImageCheck none() {
    return (evidence, vmConfig) -> {};
  }
}
