package dstack.kms.attest.eventlog;

import dstack.kms.core.bytes.Bytes;
import java.util.List;

/**
 * One record of a boot log in the crypto-agile TCG form.
 *
 * @param imr as in the file: 1 to 4 stand for RTMR 0 to 3
 * @param eventType a u32
 * @param digests the digests without their algorithm ids
 * @param event the event's data
 */
public record TcgEvent(long imr, long eventType, List<Bytes> digests, Bytes event) {
  public TcgEvent {
    digests = List.copyOf(digests);
  }
}
