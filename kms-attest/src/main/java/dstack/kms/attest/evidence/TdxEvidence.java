package dstack.kms.attest.evidence;

import dstack.kms.attest.eventlog.TdxEvent;
import dstack.kms.core.bootinfo.TeeVariant;
import dstack.kms.core.bytes.Bytes;
import java.util.List;

/**
 * Evidence of an Intel TDX guest.
 *
 * @param quote the raw quote, its padding included
 * @param eventLog boot events, then runtime events; possibly stripped
 */
public record TdxEvidence(Bytes quote, List<TdxEvent> eventLog) implements Evidence {
  public TdxEvidence {
    eventLog = List.copyOf(eventLog);
  }

  @Override
  public TeeVariant variant() {
    return TeeVariant.TDX;
  }

  @Override
  public TdxEvidence stripped() {
    return new TdxEvidence(quote, EventLogStripping.runtimeAndAcpiEvents(eventLog));
  }
}
