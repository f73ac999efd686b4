package dstack.kms.onboard.replication;

import dstack.kms.attest.appinfo.MeasurementPoint;
import dstack.kms.attest.verify.VerifiedAttestation;
import dstack.kms.core.authority.Authority;
import dstack.kms.core.authority.Decision;
import dstack.kms.core.bootinfo.BootInfo;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.core.refusal.Step;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks this node's authority about the source (specification 04 §4.3), whatever {@code
 * core.enforce_self_authorization} says.
 */
final class SourceAuthorization {
  private static final Logger log = LoggerFactory.getLogger(SourceAuthorization.class);
  private static final String REFUSED = "Source KMS is not allowed for onboarding";

  private final Authority authority;
  private final Supplier<BootInfo> own;

  /**
   * @param authority decides
   * @param own this machine's boot info, attested anew at each call
   */
  SourceAuthorization(Authority authority, Supplier<BootInfo> own) {
    this.authority = authority;
    this.own = own;
  }

  /** A source that may be a KMS. */
  AuthorizedSource require(VerifiedSource source) {
    try {
      BootInfo bootInfo =
          Step.named(
              "failed to build KMS boot info from attestation", () -> bootInfo(source.evidence()));
      Decision decision =
          Step.named("failed to call KMS auth check", () -> authority.decideKms(bootInfo));
      return switch (decision) {
        case Decision.Allowed allowed -> new AuthorizedSource(source, bootInfo, allowed);
        case Decision.Undecided(RefusalException why) -> throw why.within("boot denied");
        case Decision.Denied denied ->
            throw new RefusalException(
                ReplicationRefusal.SOURCE_NOT_ALLOWED, "boot denied: " + denied.reason());
      };
    } catch (RefusalException e) {
      throw e.within(REFUSED);
    }
  }

  private BootInfo bootInfo(VerifiedAttestation evidence) {
    BootInfo bootInfo = evidence.bootInfo("", MeasurementPoint.RUNTIME);
    if (!bootInfo.osImageHash().isEmpty()) {
      return bootInfo;
    }
    if (!evidence.embeddedVmConfig().isEmpty()) {
      throw new RefusalException(
          ReplicationRefusal.SOURCE_IMAGE_UNKNOWN,
          "the VM configuration in the source's evidence names no os_image_hash");
    }
    log.warn(
        "the source's certificate is of the old form without a VM configuration: its OS image is"
            + " taken to be this machine's own");
    return bootInfo.withOsImageHash(own.get().osImageHash());
  }
}
