package dstack.kms.attest.source;

import dstack.kms.attest.device.DeviceRefusal;
import dstack.kms.attest.device.GuestFiles;
import dstack.kms.attest.device.TdxQuoteProvider;
import dstack.kms.attest.eventlog.RuntimeEvents;
import dstack.kms.attest.evidence.TdxEvidence;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.reportdata.ReportData;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Evidence of a TDX guest from its own devices and files (specification 13 §7). Safe for use by
 * several threads; quotes are made one after the other. A quote during which the guest logged
 * another event would not fit its log: it is made anew, three times at most.
 */
public final class TdxQuoteSource implements QuoteSource {
  private static final int TRIES = 3;

  private final TdxQuoteProvider quotes;
  private final GuestFiles files;
  private final ReentrantLock oneAtATime = new ReentrantLock();

  /** A source that sends these quotes with these files. */
  public TdxQuoteSource(TdxQuoteProvider quotes, GuestFiles files) {
    this.quotes = quotes;
    this.files = files;
  }

  @Override
  public Bytes attest(ReportData reportData) {
    oneAtATime.lock();
    try {
      for (int tried = 0; tried < TRIES; tried++) {
        RuntimeEvents events = files.runtimeEvents();
        Bytes quote = quotes.quote(reportData);
        if (files.runtimeEvents().equals(events)) {
          TdxEvidence evidence = new TdxEvidence(quote, files.eventLog(events));
          return new MadeAttestation(evidence, reportData, events, files.vmConfig()).encode();
        }
      }
      throw DeviceRefusal.BUSY.because("");
    } finally {
      oneAtATime.unlock();
    }
  }

  @Override
  public String vmConfig() {
    return files.vmConfig();
  }
}
