package dstack.kms.attest.verify;

import dstack.kms.attest.dcap.TdxTrustAnchor;
import dstack.kms.attest.gcp.GcpTrustAnchor;
import dstack.kms.attest.nitro.NitroTrustAnchor;
import dstack.kms.attest.snp.SnpTrustAnchors;
import dstack.kms.attest.snp.report.SnpProduct;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.config.TrustAnchor;
import dstack.kms.core.crypto.SignatureVerifier;
import java.util.Map;

/**
 * The root under which each platform's evidence must lie.
 *
 * @param tdx Intel's, for quotes
 * @param gcpTpm Google's, for attestation keys of virtual TPMs
 * @param nitroEnclave Amazon's, for documents of enclaves
 * @param nitroTpm Amazon's, for documents of NitroTPM
 * @param sevSnp AMD's, one for each family
 */
public record TrustRoots(
    TdxTrustAnchor tdx,
    GcpTrustAnchor gcpTpm,
    NitroTrustAnchor nitroEnclave,
    NitroTrustAnchor nitroTpm,
    SnpTrustAnchors sevSnp) {

  /** The vendors' own. */
  public static TrustRoots vendors() {
    return new TrustRoots(
        TdxTrustAnchor.intel(),
        GcpTrustAnchor.google(),
        NitroTrustAnchor.aws(),
        NitroTrustAnchor.aws(),
        SnpTrustAnchors.amd());
  }

  /**
   * The vendors' roots with some of them replaced. Who calls this has made sure that replacing them
   * is allowed.
   *
   * @param external the content of the certificate file of each root that is replaced
   * @throws dstack.kms.core.refusal.RefusalException if a file holds no acceptable root
   */
  public static TrustRoots replacing(
      Map<TrustAnchor, Bytes> external, SignatureVerifier signatures) {
    TrustRoots roots = vendors();
    for (Map.Entry<TrustAnchor, Bytes> each : external.entrySet()) {
      roots = roots.with(each.getKey(), each.getValue(), signatures);
    }
    return roots;
  }

  private TrustRoots with(TrustAnchor which, Bytes file, SignatureVerifier signatures) {
    return switch (which) {
      case TDX ->
          new TrustRoots(TdxTrustAnchor.external(file), gcpTpm, nitroEnclave, nitroTpm, sevSnp);
      case GCP_TPM ->
          new TrustRoots(tdx, GcpTrustAnchor.external(file), nitroEnclave, nitroTpm, sevSnp);
      case AWS_NITRO_ENCLAVE ->
          new TrustRoots(tdx, gcpTpm, NitroTrustAnchor.external(file), nitroTpm, sevSnp);
      case AWS_NITRO_TPM ->
          new TrustRoots(tdx, gcpTpm, nitroEnclave, NitroTrustAnchor.external(file), sevSnp);
      case SEV_SNP_MILAN -> withSnp(SnpProduct.MILAN, file, signatures);
      case SEV_SNP_GENOA -> withSnp(SnpProduct.GENOA, file, signatures);
      case SEV_SNP_TURIN -> withSnp(SnpProduct.TURIN, file, signatures);
    };
  }

  private TrustRoots withSnp(SnpProduct product, Bytes file, SignatureVerifier signatures) {
    return new TrustRoots(
        tdx, gcpTpm, nitroEnclave, nitroTpm, sevSnp.withExternal(product, file, signatures));
  }
}
