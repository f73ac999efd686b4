package dstack.kms.attest.evidence;

import dstack.kms.attest.eventlog.TdxEvent;
import dstack.kms.core.bootinfo.TeeVariant;
import dstack.kms.core.bytes.Bytes;
import java.util.List;

/**
 * Evidence of a TDX guest on Google Cloud: a TDX quote and a quote of the virtual TPM over it.
 *
 * @param quote the raw TDX quote, its padding included: the TPM signs its hash
 * @param eventLog boot events, then runtime events; possibly stripped
 * @param tpmQuote the TPM's quote and log
 */
public record GcpTdxEvidence(Bytes quote, List<TdxEvent> eventLog, TpmQuote tpmQuote)
    implements Evidence {
  public GcpTdxEvidence {
    eventLog = List.copyOf(eventLog);
  }

  @Override
  public TeeVariant variant() {
    return TeeVariant.GCP_TDX;
  }

  @Override
  public GcpTdxEvidence stripped() {
    return new GcpTdxEvidence(quote, EventLogStripping.runtimeEvents(eventLog), tpmQuote);
  }
}
