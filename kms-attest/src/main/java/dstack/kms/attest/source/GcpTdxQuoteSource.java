package dstack.kms.attest.source;

import dstack.kms.attest.device.GuestFiles;
import dstack.kms.attest.device.TdxQuoteProvider;
import dstack.kms.attest.eventlog.RuntimeEvents;
import dstack.kms.attest.eventlog.TdxEvent;
import dstack.kms.attest.evidence.GcpTdxEvidence;
import dstack.kms.attest.evidence.TpmQuote;
import dstack.kms.attest.tpm.TpmRefusal;
import dstack.kms.attest.tpm.gcp.TpmQuoter;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.bytes.Digests;
import dstack.kms.core.reportdata.ReportData;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Evidence of a TDX guest on Google Cloud from its own devices and files, in the order of
 * specification 14 §2: events, TDX quote, its log, a TPM quote over the hash of the TDX quote. Safe
 * for use by several threads; evidence is made one piece after the other.
 *
 * <p>The guest's programs are kept from emitting events meanwhile. Where they know no lock, a piece
 * in whose time an event was emitted is made anew, three times at most: it would fit neither
 * register.
 */
public final class GcpTdxQuoteSource implements QuoteSource {
  private static final int TRIES = 3;
  private static final int RUNTIME_REGISTER = 14;

  private final TdxQuoteProvider quotes;
  private final TpmQuoter tpm;
  private final GuestFiles files;
  private final EventLock events;
  private final ReentrantLock oneAtATime = new ReentrantLock();

  /** A source that sends these quotes with these files. */
  public GcpTdxQuoteSource(
      TdxQuoteProvider quotes, TpmQuoter tpm, GuestFiles files, EventLock events) {
    this.quotes = quotes;
    this.tpm = tpm;
    this.files = files;
    this.events = events;
  }

  @Override
  public Bytes attest(ReportData reportData) {
    oneAtATime.lock();
    try (EventLock.Held _ = events.take()) {
      for (int tried = 0; tried < TRIES; tried++) {
        RuntimeEvents emitted = files.runtimeEvents();
        GcpTdxEvidence evidence = evidence(reportData, emitted);
        if (measures(evidence.tpmQuote(), emitted)) {
          return new MadeAttestation(evidence, reportData, emitted, files.vmConfig()).encode();
        }
      }
      throw TpmRefusal.REGISTERS_MOVED.because(
          "PCR " + RUNTIME_REGISTER + " does not fit the runtime events of this machine");
    } finally {
      oneAtATime.unlock();
    }
  }

  private GcpTdxEvidence evidence(ReportData reportData, RuntimeEvents emitted) {
    Bytes quote = quotes.quote(reportData);
    List<TdxEvent> log = files.eventLog(emitted);
    return new GcpTdxEvidence(quote, log, tpm.quote(Digests.sha256(quote)));
  }

  /** The same comparison as the verifier's; the TDX half is taken from the same moment. */
  private static boolean measures(TpmQuote quote, RuntimeEvents emitted) {
    Bytes replayed = emitted.replaySha256();
    return quote.pcrValues().stream()
        .anyMatch(each -> each.index() == RUNTIME_REGISTER && each.value().equals(replayed));
  }

  @Override
  public String vmConfig() {
    return files.vmConfig();
  }
}
