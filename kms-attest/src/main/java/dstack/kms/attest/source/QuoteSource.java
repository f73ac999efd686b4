package dstack.kms.attest.source;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.reportdata.ReportData;

/**
 * Produces evidence about the machine that this program runs on.
 *
 * <p>Calls block until the answer or the source's own deadline and throw {@link
 * dstack.kms.core.refusal.RefusalException} when there is no evidence to be had.
 */
public interface QuoteSource {
  /**
   * The bytes of a versioned attestation over the report data, not stripped (specification 10 §1).
   */
  Bytes attest(ReportData reportData);

  /** The machine's {@code vm_config} text; empty if it has none. */
  String vmConfig();
}
