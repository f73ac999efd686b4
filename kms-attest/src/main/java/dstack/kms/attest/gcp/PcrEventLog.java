package dstack.kms.attest.gcp;

import dstack.kms.attest.eventlog.RegisterReplay;
import dstack.kms.attest.evidence.TpmQuote.TpmEvent;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;
import java.util.List;

/**
 * The digests that quoted registers were extended with, in order (specification 14 §4 step 5). A
 * register without any event has no log; whoever needs one has to ask for it.
 */
final class PcrEventLog {
  private static final int DIGEST = 32;

  private final List<TpmEvent> events;

  private PcrEventLog(List<TpmEvent> events) {
    this.events = events;
  }

  /** The log, if each quoted register that it speaks of follows from it; refuses otherwise. */
  static PcrEventLog replayed(PcrValues registers, List<TpmEvent> events) {
    try {
      events.forEach(PcrEventLog::requireLength);
      PcrEventLog log = new PcrEventLog(events);
      registers.indices().forEach(index -> log.requireReplay(index, registers));
      return log;
    } catch (RefusalException e) {
      throw e.within("event log verification failed");
    }
  }

  private static void requireLength(TpmEvent event) {
    if (event.digest().length() != DIGEST) {
      throw GcpRefusal.PCR_REPLAY.because(
          "PCR "
              + event.pcrIndex()
              + " has an event with a digest of "
              + event.digest().length()
              + " bytes");
    }
  }

  private void requireReplay(long index, PcrValues registers) {
    List<Bytes> digests = digests(index);
    Bytes quoted = registers.get(index).orElseThrow();
    if (digests.isEmpty()) {
      return;
    }
    Bytes replayed = RegisterReplay.sha256(digests);
    if (!replayed.equals(quoted)) {
      throw GcpRefusal.PCR_REPLAY.because(
          "PCR " + index + " replay mismatch: expected " + quoted + ", got " + replayed);
    }
  }

  /** The digests of one register in the order of its extensions; empty if the log has none. */
  List<Bytes> digests(long index) {
    return events.stream()
        .filter(event -> event.pcrIndex() == index)
        .map(TpmEvent::digest)
        .toList();
  }
}
