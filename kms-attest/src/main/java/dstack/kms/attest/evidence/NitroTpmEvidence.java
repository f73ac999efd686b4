package dstack.kms.attest.evidence;

import dstack.kms.core.bootinfo.TeeVariant;
import dstack.kms.core.bytes.Bytes;

/**
 * Evidence of an EC2 instance with NitroTPM.
 *
 * @param attestationDoc the attestation document, a COSE_Sign1
 */
public record NitroTpmEvidence(Bytes attestationDoc) implements Evidence {
  @Override
  public TeeVariant variant() {
    return TeeVariant.AWS_NITRO_TPM;
  }

  @Override
  public NitroTpmEvidence stripped() {
    return this;
  }
}
