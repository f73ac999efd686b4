package dstack.kms.attest.evidence;

import dstack.kms.attest.eventlog.EventLogJson;
import dstack.kms.attest.eventlog.RuntimeEvents;
import dstack.kms.attest.eventlog.TdxEvent;
import dstack.kms.attest.quote.TdReport;
import dstack.kms.attest.quote.UnverifiedQuote;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;
import java.util.List;
import java.util.Optional;

/**
 * The form before there were containers: a raw TDX quote and its event log as JSON (specification
 * 10 §6). Older certificates and requests of version 1 carry it.
 */
public final class LegacyPair {
  private LegacyPair() {}

  /**
   * The attestation that the pair stands for: the report data is the quote's own, the runtime
   * events are the log's, the configuration is empty. It counts as V0, or as V1 if an event has
   * version 2. Refusals come without the caller's context.
   */
  public static UnverifiedAttestation toAttestation(Bytes quote, Bytes eventLogJson) {
    List<TdxEvent> log = eventLog(eventLogJson);
    Bytes reportData = tdReport(quote).reportData();
    return attestation(quote, log, reportData, "");
  }

  /** A TDX attestation of which the runtime events are those of the log. */
  static UnverifiedAttestation attestation(
      Bytes quote, List<TdxEvent> log, Bytes reportData, String config) {
    RuntimeEvents events =
        new RuntimeEvents(log.stream().flatMap(event -> event.runtimeEvent().stream()).toList());
    return new UnverifiedAttestation(
        UnverifiedAttestation.containerFor(events),
        new TdxEvidence(quote, log),
        reportData,
        events,
        config,
        Optional.empty());
  }

  private static List<TdxEvent> eventLog(Bytes json) {
    try {
      return EventLogJson.parse(
          json.strictUtf8Text()
              .orElseThrow(
                  () ->
                      new RefusalException(
                          EvidenceRefusal.ATTESTATION_MALFORMED, "invalid UTF-8")));
    } catch (RefusalException e) {
      throw e.within("Failed to parse tdx_event_log");
    }
  }

  private static TdReport tdReport(Bytes quote) {
    UnverifiedQuote parsed;
    try {
      parsed = UnverifiedQuote.parse(quote);
    } catch (RefusalException e) {
      throw e.within("Invalid TDX quote");
    }
    if (parsed.report() instanceof TdReport report) {
      return report;
    }
    throw new RefusalException(EvidenceRefusal.ATTESTATION_MALFORMED, "Invalid TDX report");
  }
}
