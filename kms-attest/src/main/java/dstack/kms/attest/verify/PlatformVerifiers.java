package dstack.kms.attest.verify;

import dstack.kms.attest.evidence.Evidence;
import dstack.kms.attest.evidence.GcpTdxEvidence;
import dstack.kms.attest.evidence.NitroEnclaveEvidence;
import dstack.kms.attest.evidence.NitroTpmEvidence;
import dstack.kms.attest.evidence.SevSnpEvidence;
import dstack.kms.attest.evidence.TdxEvidence;
import dstack.kms.attest.platform.Claims;
import dstack.kms.attest.platform.PlatformVerifier;
import dstack.kms.attest.platform.VerifiedPlatform;
import dstack.kms.core.bootinfo.TeeVariant;
import dstack.kms.core.refusal.RefusalException;
import java.util.Set;

/**
 * The verifier of each platform. All five are named, so that a new platform cannot be forgotten.
 *
 * @param tdx Intel TDX
 * @param gcpTdx Intel TDX on Google Cloud with a virtual TPM
 * @param nitroEnclave AWS Nitro enclaves
 * @param nitroTpm EC2 instances with NitroTPM
 * @param sevSnp AMD SEV-SNP
 */
public record PlatformVerifiers(
    PlatformVerifier<TdxEvidence> tdx,
    PlatformVerifier<GcpTdxEvidence> gcpTdx,
    PlatformVerifier<NitroEnclaveEvidence> nitroEnclave,
    PlatformVerifier<NitroTpmEvidence> nitroTpm,
    PlatformVerifier<SevSnpEvidence> sevSnp) {

  /** Takes evidence of plain TDX and refuses every other platform. */
  public static PlatformVerifiers onlyTdx(PlatformVerifier<TdxEvidence> tdx) {
    return new PlatformVerifiers(
        tdx,
        refusing(TeeVariant.GCP_TDX),
        refusing(TeeVariant.NITRO_ENCLAVE),
        refusing(TeeVariant.AWS_NITRO_TPM),
        refusing(TeeVariant.SEV_SNP));
  }

  /** The same verifiers, but every platform that is not among these is refused. */
  public PlatformVerifiers limitedTo(Set<TeeVariant> accepted) {
    return new PlatformVerifiers(
        accepted.contains(TeeVariant.TDX) ? tdx : refusing(TeeVariant.TDX),
        accepted.contains(TeeVariant.GCP_TDX) ? gcpTdx : refusing(TeeVariant.GCP_TDX),
        accepted.contains(TeeVariant.NITRO_ENCLAVE)
            ? nitroEnclave
            : refusing(TeeVariant.NITRO_ENCLAVE),
        accepted.contains(TeeVariant.AWS_NITRO_TPM) ? nitroTpm : refusing(TeeVariant.AWS_NITRO_TPM),
        accepted.contains(TeeVariant.SEV_SNP) ? sevSnp : refusing(TeeVariant.SEV_SNP));
  }

  VerifiedPlatform verify(Evidence evidence, Claims claims) {
    return switch (evidence) {
      case TdxEvidence of -> tdx.verify(of, claims);
      case GcpTdxEvidence of -> gcpTdx.verify(of, claims);
      case NitroEnclaveEvidence of -> nitroEnclave.verify(of, claims);
      case NitroTpmEvidence of -> nitroTpm.verify(of, claims);
      case SevSnpEvidence of -> sevSnp.verify(of, claims);
    };
  }

  private static <E extends Evidence> PlatformVerifier<E> refusing(TeeVariant platform) {
    return (evidence, claims) -> {
      throw new RefusalException(
          VerifyRefusal.PLATFORM_NOT_SUPPORTED,
          "attestation of platform " + platform.wireName() + " is not accepted by this server");
    };
  }
}
