package dstack.kms.core.csr;

import dstack.kms.core.bytes.Bytes;

/** The evidence inside a request, not yet decoded. */
public sealed interface CsrEvidence {
  /** Version 2: the bytes of an attestation (specification 02 §3). */
  record Attestation(Bytes encoded) implements CsrEvidence {}

  /** Version 1: a raw TDX quote and its event log in JSON. */
  record QuoteAndEventLog(Bytes quote, Bytes eventLog) implements CsrEvidence {}
}
