package dstack.kms.attest.evidence;

import dstack.kms.core.bootinfo.TeeVariant;

/** What one platform's hardware says, unverified (specification 10 §2 and §3). */
public sealed interface Evidence
    permits TdxEvidence, GcpTdxEvidence, NitroEnclaveEvidence, SevSnpEvidence, NitroTpmEvidence {

  /** The platform that the evidence claims to come from. */
  TeeVariant variant();

  /** The form for a certificate (specification 10 §5, current). */
  Evidence stripped();
}
