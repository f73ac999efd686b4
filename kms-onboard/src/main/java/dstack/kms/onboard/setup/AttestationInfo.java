package dstack.kms.onboard.setup;

import dstack.kms.attest.appinfo.MeasurementPoint;
import dstack.kms.attest.evidence.UnverifiedAttestation;
import dstack.kms.attest.source.QuoteSource;
import dstack.kms.attest.verify.AttestationVerifier;
import dstack.kms.attest.verify.VerifiedAttestation;
import dstack.kms.core.authority.Authority;
import dstack.kms.core.authority.AuthorityInfo;
import dstack.kms.core.bootinfo.BootInfo;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.bytes.Digests;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.core.reportdata.ReportData;
import dstack.kms.rpc.proto.AttestationInfoResponse;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What an operator registers with the authority before Bootstrap (specification 04 §4.5). */
public final class AttestationInfo {
  private static final Logger log = LoggerFactory.getLogger(AttestationInfo.class);

  private final QuoteSource quotes;
  private final AttestationVerifier verifier;
  private final Authority authority;
  private final String siteName;

  /**
   * @param quotes attests this machine
   * @param verifier verifies that as any client would
   * @param authority says where the policy lies
   * @param siteName the configured title
   */
  public AttestationInfo(
      QuoteSource quotes, AttestationVerifier verifier, Authority authority, String siteName) {
    this.quotes = quotes;
    this.verifier = verifier;
    this.authority = authority;
    this.siteName = siteName;
  }

  /** Attests this machine, verifies that, and reads from it what the authority will see. */
  public AttestationInfoResponse read() {
    Bytes raw = Step.named("Failed to get attestation", () -> quotes.attest(ReportData.ZERO));
    UnverifiedAttestation claimed =
        Step.named("Failed to decode attestation", () -> UnverifiedAttestation.decode(raw));
    VerifiedAttestation verified =
        Step.named("Failed to verify attestation", () -> verifier.verify(claimed));
    String vmConfig = Step.named("Failed to get VM info", quotes::vmConfig);
    BootInfo boot =
        Step.named(
            "Failed to decode app info",
            () -> verified.bootInfo(vmConfig, MeasurementPoint.RUNTIME));
    return response(verified.rawDeviceId(), boot, authorityInfo());
  }

  /** Its device id is the digest on every platform, also where boot info carries the raw id. */
  private AttestationInfoResponse response(
      Bytes platformId, BootInfo boot, Optional<AuthorityInfo> info) {
    return AttestationInfoResponse.newBuilder()
        .setDeviceId(Wire.bytes(Digests.sha256(platformId)))
        .setMrAggregated(Wire.bytes(boot.mrAggregated()))
        .setOsImageHash(Wire.bytes(boot.osImageHash()))
        .setTeeVariant(boot.teeVariant().wireName())
        .setSiteName(siteName)
        .setEthRpcUrl(info.flatMap(AuthorityInfo::rpcUrl).orElse(""))
        .setKmsContractAddress(info.flatMap(AuthorityInfo::contractAddress).orElse(""))
        .setPpid(Wire.bytes(platformId))
        .build();
  }

  /** An authority that does not answer yet must not keep the operator from reading the rest. */
  private Optional<AuthorityInfo> authorityInfo() {
    try {
      return Optional.of(authority.info());
    } catch (RefusalException e) {
      log.warn("failed to get auth api info: {} ({})", e.text(), e.detail());
      return Optional.empty();
    }
  }
}
