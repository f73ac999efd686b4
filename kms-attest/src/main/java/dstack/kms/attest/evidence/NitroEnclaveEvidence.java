package dstack.kms.attest.evidence;

import dstack.kms.core.bootinfo.TeeVariant;
import dstack.kms.core.bytes.Bytes;

/**
 * Evidence of an AWS Nitro enclave.
 *
 * @param nsmQuote the attestation document of the Nitro security module, a COSE_Sign1
 */
public record NitroEnclaveEvidence(Bytes nsmQuote) implements Evidence {
  @Override
  public TeeVariant variant() {
    return TeeVariant.NITRO_ENCLAVE;
  }

  @Override
  public NitroEnclaveEvidence stripped() {
    return this;
  }
}
