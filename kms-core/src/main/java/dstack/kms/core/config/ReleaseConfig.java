package dstack.kms.core.config;

/**
 * The local gates before keys are released (specification 04 §5, RELEASE).
 *
 * @param enforceSelfAuthorization whether the server asks about itself first
 * @param attestRpcCert whether the server's own certificate carries evidence
 * @param sevSnp whether SEV-SNP guests may have keys
 * @param awsNitroTpm whether NitroTPM guests may have keys
 */
public record ReleaseConfig(
    boolean enforceSelfAuthorization, boolean attestRpcCert, boolean sevSnp, boolean awsNitroTpm) {

  static ReleaseConfig read(Section core) {
    return new ReleaseConfig(
        core.flag("enforce_self_authorization", true),
        core.flag("attest_rpc_cert", true),
        core.flag("sev_snp_key_release", false),
        core.flag("aws_nitro_tpm_key_release", false));
  }
}
