package dstack.kms.attest.verify;

import dstack.kms.attest.gcp.AttestationKeyChain;
import dstack.kms.attest.gcp.GcpTdxVerifier;
import dstack.kms.attest.nitro.ConfigRegister;
import dstack.kms.attest.nitro.DocumentVerifier;
import dstack.kms.attest.nitro.NitroEnclaveVerifier;
import dstack.kms.attest.nitro.NitroTpmVerifier;
import dstack.kms.attest.nitro.NitroTrustAnchor;
import dstack.kms.attest.nitro.UnmeasuredEvents;
import dstack.kms.attest.snp.SnpVerifier;
import dstack.kms.attest.tdx.TdxVerifier;
import dstack.kms.core.config.AttestationConfig;
import dstack.kms.core.config.NitroEvidenceConfig;

/** Puts the verifiers together. */
final class PlatformAssembly {
  private PlatformAssembly() {}

  static PlatformVerifiers of(VerificationParts parts, TrustRoots roots, AttestationConfig config) {
    TdxVerifier tdx = new TdxVerifier(parts.quotes(), parts.collateral(), parts.clock());
    return new PlatformVerifiers(
        tdx,
        gcp(tdx, parts, roots, config),
        new NitroEnclaveVerifier(
            documents(parts, roots.nitroEnclave()), unmeasured(config.nitro())),
        new NitroTpmVerifier(
            documents(parts, roots.nitroTpm()), configRegister(parts, config.nitro())),
        new SnpVerifier(
            roots.sevSnp(),
            parts.kds(),
            parts.amd(),
            parts.revocation(),
            config.snp(),
            parts.signatures(),
            parts.clock()));
  }

  private static GcpTdxVerifier gcp(
      TdxVerifier tdx, VerificationParts parts, TrustRoots roots, AttestationConfig config) {
    AttestationKeyChain chains =
        new AttestationKeyChain(
            roots.gcpTpm(),
            parts.google(),
            parts.revocation(),
            parts.signatures(),
            parts.tpmClock());
    return new GcpTdxVerifier(tdx, chains, parts.signatures(), config.gcp());
  }

  private static DocumentVerifier documents(VerificationParts parts, NitroTrustAnchor root) {
    return new DocumentVerifier(
        root, parts.amazon(), parts.revocation(), parts.signatures(), parts.clock());
  }

  private static UnmeasuredEvents unmeasured(NitroEvidenceConfig config) {
    return switch (config.unmeasuredEvents()) {
      case APP_ID_ONLY -> UnmeasuredEvents.APP_ID_ONLY;
      case IDENTITY -> UnmeasuredEvents.IDENTITY;
    };
  }

  private static ConfigRegister configRegister(
      VerificationParts parts, NitroEvidenceConfig config) {
    return config.checkPcr8()
        ? ConfigRegister.checked(parts.ownKeyProviders())
        : ConfigRegister.unchecked();
  }
}
