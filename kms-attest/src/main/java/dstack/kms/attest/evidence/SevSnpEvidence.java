package dstack.kms.attest.evidence;

import dstack.kms.core.bootinfo.TeeVariant;
import dstack.kms.core.bytes.Bytes;
import java.util.List;

/**
 * Evidence of an AMD SEV-SNP guest.
 *
 * @param report the attestation report
 * @param certChain certificates that came with it, possibly none
 * @param mrConfig the document that the report's host data is the hash of
 */
public record SevSnpEvidence(Bytes report, List<Bytes> certChain, String mrConfig)
    implements Evidence {
  public SevSnpEvidence {
    certChain = List.copyOf(certChain);
  }

  @Override
  public TeeVariant variant() {
    return TeeVariant.SEV_SNP;
  }

  @Override
  public SevSnpEvidence stripped() {
    return this;
  }
}
