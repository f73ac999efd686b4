package dstack.kms.attest.source;

import dstack.kms.attest.device.DeviceRefusal;
import dstack.kms.attest.device.GuestFiles;
import dstack.kms.attest.eventlog.RuntimeEvents;
import dstack.kms.attest.evidence.NitroTpmEvidence;
import dstack.kms.attest.tpm.nsm.NitroTpmModule;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.reportdata.ReportData;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Evidence of an EC2 instance with NitroTPM: an attestation document over the report data
 * (specification 15 §9). Safe for use by several threads; documents are made one after the other,
 * and anew, three times at most, when an event was emitted meanwhile.
 */
public final class NitroTpmQuoteSource implements QuoteSource {
  private static final int TRIES = 3;

  private final NitroTpmModule module;
  private final GuestFiles files;
  private final EventLock events;
  private final ReentrantLock oneAtATime = new ReentrantLock();

  /** A source that sends the module's documents with these files. */
  public NitroTpmQuoteSource(NitroTpmModule module, GuestFiles files, EventLock events) {
    this.module = module;
    this.files = files;
    this.events = events;
  }

  @Override
  public Bytes attest(ReportData reportData) {
    oneAtATime.lock();
    try (EventLock.Held _ = events.take()) {
      for (int tried = 0; tried < TRIES; tried++) {
        RuntimeEvents emitted = files.runtimeEvents();
        NitroTpmEvidence evidence = new NitroTpmEvidence(document(reportData));
        if (files.runtimeEvents().equals(emitted)) {
          return new MadeAttestation(evidence, reportData, emitted, files.vmConfig()).encode();
        }
      }
      throw DeviceRefusal.BUSY.because(": an event was emitted during each document");
    } finally {
      oneAtATime.unlock();
    }
  }

  private Bytes document(ReportData reportData) {
    Bytes document = module.document(reportData);
    if (!EnclaveDocument.userDataOf(document).equals(reportData.value())) {
      throw DeviceRefusal.WRONG_REPORT_DATA.because("the document is about other user data");
    }
    return document;
  }

  @Override
  public String vmConfig() {
    return files.vmConfig();
  }
}
