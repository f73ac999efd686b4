package dstack.kms.attest.snp.launch;

import dstack.kms.core.bytes.Bytes;

/**
 * What a guest was launched from and with. Only {@link LaunchVerifier} makes one.
 *
 * <p>That the image hash names an image which may run is for the authority to say.
 */
public final class VerifiedLaunch {
  private final Bytes osImageHash;
  private final MrConfig mrConfig;

  VerifiedLaunch(Bytes osImageHash, MrConfig mrConfig) {
    this.osImageHash = osImageHash;
    this.mrConfig = mrConfig;
  }

  /** The hash of the OS image whose measurement the report carries, 32 bytes. */
  public Bytes osImageHash() {
    return osImageHash;
  }

  /** The guest's own configuration. */
  public MrConfig mrConfig() {
    return mrConfig;
  }
}
