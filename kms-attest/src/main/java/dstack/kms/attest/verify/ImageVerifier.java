package dstack.kms.attest.verify;

import dstack.kms.attest.appinfo.VmConfig;
import dstack.kms.attest.gcp.GcpImageRule;
import dstack.kms.attest.gcp.VerifiedGcpTdx;
import dstack.kms.attest.image.TdxImageCheck;
import dstack.kms.attest.nitro.NitroImageRule;
import dstack.kms.attest.nitro.NitroTpmImageRule;
import dstack.kms.attest.nitro.VerifiedNitroEnclave;
import dstack.kms.attest.nitro.VerifiedNitroTpm;
import dstack.kms.attest.platform.VerifiedPlatform;
import dstack.kms.attest.snp.VerifiedSevSnp;
import dstack.kms.attest.tdx.VerifiedTdx;
import dstack.kms.core.refusal.RefusalException;

/**
 * Applies each platform's rule for OS images (specification 17 §1). SEV-SNP has none here: its
 * launch is recomputed wherever its identity is taken, whatever the configuration says.
 */
public final class ImageVerifier implements ImageCheck {
  private static final String CONTEXT = "Failed to verify os image hash";

  private final TdxImageCheck tdx;
  private final GcpImageRule gcp;

  /** The rules of the platforms that have something to configure. */
  public ImageVerifier(TdxImageCheck tdx, GcpImageRule gcp) {
    this.tdx = tdx;
    this.gcp = gcp;
  }

  @Override
  public void require(VerifiedAttestation evidence, String vmConfig) {
    try {
      require(evidence.platform(), evidence.embeddedVmConfig(), vmConfig);
    } catch (RefusalException e) {
      // The original wraps twice, and clients see the text.
      throw e.within(CONTEXT).within(CONTEXT);
    }
  }

  private void require(VerifiedPlatform platform, String embedded, String vmConfig) {
    if (platform instanceof VerifiedSevSnp) {
      return;
    }
    VmConfig config = VmConfig.resolve(vmConfig, embedded);
    switch (platform) {
      case VerifiedTdx guest -> tdx.require(guest.report(), guest.eventLog(), config);
      case VerifiedGcpTdx machine -> gcp.require(machine, config);
      case VerifiedNitroEnclave enclave -> NitroImageRule.require(enclave, config);
      case VerifiedNitroTpm instance -> NitroTpmImageRule.require(instance, config);
      default ->
          throw new RefusalException(
              VerifyRefusal.IMAGE_NOT_VERIFIED, "there is no rule for images of this platform");
    }
  }
}
