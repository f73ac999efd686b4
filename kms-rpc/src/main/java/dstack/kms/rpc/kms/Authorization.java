package dstack.kms.rpc.kms;

import dstack.kms.attest.appinfo.MeasurementPoint;
import dstack.kms.attest.verify.VerifiedAttestation;
import dstack.kms.core.authority.Authority;
import dstack.kms.core.authority.Decision;
import dstack.kms.core.bootinfo.BootInfo;
import dstack.kms.core.bootinfo.TeeVariant;
import dstack.kms.core.config.ReleaseConfig;
import dstack.kms.core.refusal.RefusalException;
import java.util.function.Function;

/**
 * AUTH and RELEASE (specification 04 §5): from verified evidence to the permission to release keys.
 */
public final class Authorization {
  private final Authority authority;
  private final ReleaseConfig release;
  private final boolean verifyImages;

  /**
   * @param authority decides
   * @param release which platforms may have keys at all
   * @param verifyImages whether an image must be verified; that refuses everything but SEV-SNP, as
   *     no image can be verified yet
   */
  public Authorization(Authority authority, ReleaseConfig release, boolean verifyImages) {
    this.authority = authority;
    this.release = release;
    this.verifyImages = verifyImages;
  }

  /** AUTH for an application. */
  Authorized app(VerifiedAttestation evidence, String vmConfig, MeasurementPoint point) {
    return authorize(evidence.bootInfo(vmConfig, point), authority::decideApp);
  }

  /** AUTH for another KMS. */
  Authorized kms(VerifiedAttestation evidence, String vmConfig) {
    return authorize(evidence.bootInfo(vmConfig, MeasurementPoint.RUNTIME), authority::decideKms);
  }

  /** What AUTH found; RELEASE makes a grant of it. */
  final class Authorized {
    private final BootInfo bootInfo;
    private final String gatewayAppId;

    private Authorized(BootInfo bootInfo, String gatewayAppId) {
      this.bootInfo = bootInfo;
      this.gatewayAppId = gatewayAppId;
    }

    /** RELEASE. */
    KeyGrant release() {
      requireReleaseTo(bootInfo);
      return new KeyGrant(bootInfo, gatewayAppId);
    }
  }

  private Authorized authorize(BootInfo bootInfo, Function<BootInfo, Decision> decide) {
    String gatewayAppId =
        switch (decide.apply(bootInfo)) {
          case Decision.Allowed allowed -> allowed.gatewayAppId();
          case Decision.Denied denied ->
              throw new RefusalException(KmsRefusal.BOOT_DENIED, "Boot denied: " + denied.reason());
        };
    requireVerifiedImage(bootInfo.teeVariant());
    return new Authorized(bootInfo, gatewayAppId);
  }

  private void requireVerifiedImage(TeeVariant platform) {
    if (verifyImages && platform != TeeVariant.SEV_SNP) {
      throw new RefusalException(
          KmsRefusal.IMAGE_NOT_VERIFIED,
          "Failed to verify os image hash: Failed to verify os image hash:"
              + " this server cannot verify OS images; set core.image.verify = false to rely on"
              + " the authority's list of images");
    }
  }

  /** Refuses platforms that keys are not released to here. */
  void requireReleaseTo(BootInfo bootInfo) {
    switch (bootInfo.teeVariant()) {
      case SEV_SNP -> require(release.sevSnp(), "amd sev-snp key release is not enabled");
      case AWS_NITRO_TPM ->
          require(release.awsNitroTpm(), "aws nitro-tpm key release is not enabled");
      case TDX, GCP_TDX, NITRO_ENCLAVE -> {}
    }
  }

  private static void require(boolean enabled, String otherwise) {
    if (!enabled) {
      throw new RefusalException(KmsRefusal.PLATFORM_RELEASE_OFF, otherwise);
    }
  }
}
