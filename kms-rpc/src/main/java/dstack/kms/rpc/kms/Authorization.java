package dstack.kms.rpc.kms;

import dstack.kms.attest.appinfo.MeasurementPoint;
import dstack.kms.attest.verify.ImageCheck;
import dstack.kms.attest.verify.VerifiedAttestation;
import dstack.kms.core.authority.Authority;
import dstack.kms.core.authority.Decision;
import dstack.kms.core.bootinfo.BootInfo;
import dstack.kms.core.config.ReleaseConfig;
import dstack.kms.core.refusal.RefusalException;
import java.util.function.Function;

/**
 * AUTH and RELEASE (specification 04 §5): from verified evidence to the permission to release keys.
 */
public final class Authorization {
  private final Authority authority;
  private final ReleaseConfig release;
  private final ImageCheck images;

  /**
   * @param authority decides
   * @param release which platforms may have keys at all
   * @param images whether the measured image is the claimed one
   */
  public Authorization(Authority authority, ReleaseConfig release, ImageCheck images) {
    this.authority = authority;
    this.release = release;
    this.images = images;
  }

  /** AUTH for an application. */
  Authorized app(VerifiedAttestation evidence, String vmConfig, MeasurementPoint point) {
    return authorize(evidence, vmConfig, point, authority::decideApp);
  }

  /** AUTH for another KMS. */
  Authorized kms(VerifiedAttestation evidence, String vmConfig) {
    return authorize(evidence, vmConfig, MeasurementPoint.RUNTIME, authority::decideKms);
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

  private Authorized authorize(
      VerifiedAttestation evidence,
      String vmConfig,
      MeasurementPoint point,
      Function<BootInfo, Decision> decide) {
    requireWhole(evidence);
    BootInfo bootInfo = evidence.bootInfo(vmConfig, point);
    String gatewayAppId =
        switch (decide.apply(bootInfo)) {
          case Decision.Allowed allowed -> allowed.gatewayAppId();
          case Decision.Denied denied ->
              throw new RefusalException(KmsRefusal.BOOT_DENIED, "Boot denied: " + denied.reason());
        };
    images.require(evidence, vmConfig);
    return new Authorized(bootInfo, gatewayAppId);
  }

  /** Evidence that was looked at with less than all checks is good for showing only. */
  private static void requireWhole(VerifiedAttestation evidence) {
    if (!evidence.platform().unchecked().isEmpty()) {
      throw new RefusalException(
          KmsRefusal.EVIDENCE_INCOMPLETE,
          "evidence was not checked completely: "
              + String.join("; ", evidence.platform().unchecked()));
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
