package dstack.kms.attest.quote;

import dstack.kms.core.bytes.Bytes;

/** What a quote says about the workload: an enclave's or a trust domain's report. */
public sealed interface QuoteReport permits SgxReport, TdReport {
  /** The 64 bytes that the workload chose. */
  Bytes reportData();
}
