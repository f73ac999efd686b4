package dstack.kms.attest.eventlog;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads the records of a boot log of the TCG's crypto-agile form, little-endian: that of TDX
 * firmware (CCEL) and that of a TPM differ in how they end and in which records are used.
 */
final class TcgLogReader {
  /** The largest count or size that a record may state (specification 12 §1). */
  private static final int MAX_COUNT = 65_536;

  private static final long END_MARKER = 0xFFFF_FFFFL;
  private static final int SHA1_LENGTH = 20;

  private final EventLogRefusal code;
  private final ByteBuffer cursor;

  /** A reader whose refusals carry that code. */
  TcgLogReader(Bytes content, EventLogRefusal code) {
    this.code = code;
    cursor = content.buffer().order(ByteOrder.LITTLE_ENDIAN);
  }

  int position() {
    return cursor.position();
  }

  /**
   * Passes over the first record, which describes the log and is not measured.
   *
   * @return the signature that it begins with, 16 bytes
   */
  Bytes skipSpecIdEvent() {
    u32("imr");
    u32("event type");
    bytes(SHA1_LENGTH, "digest");
    Bytes event = counted("event");
    TcgLogReader fields = new TcgLogReader(event, code);
    Bytes signature = fields.bytes(16, "header");
    fields.bytes(4 + 4, "header");
    int algorithms = fields.count("algorithms");
    for (int i = 0; i < algorithms; i++) {
      fields.bytes(4, "algorithm");
    }
    fields.bytes(fields.u8("vendor info"), "vendor info");
    return signature;
  }

  /** The records up to the end marker; the end of the data without one is refused. */
  List<TcgEvent> eventsUntilEndMarker() {
    List<TcgEvent> events = new ArrayList<>();
    for (long imr = u32("imr"); imr != END_MARKER; imr = u32("imr")) {
      add(events, imr);
    }
    return events;
  }

  /** The records up to the end marker, or as long as there are four bytes for another one. */
  List<TcgEvent> eventsUntilEnd() {
    List<TcgEvent> events = new ArrayList<>();
    while (cursor.remaining() >= Integer.BYTES) {
      long register = u32("register");
      if (register == END_MARKER) {
        break;
      }
      add(events, register);
    }
    return events;
  }

  private void add(List<TcgEvent> events, long register) {
    if (events.size() == EventLogLimits.MAX_EVENTS) {
      throw refusal("too many events");
    }
    long eventType = u32("event type");
    events.add(new TcgEvent(register, eventType, digests(), counted("event")));
  }

  private List<Bytes> digests() {
    int count = count("digests");
    List<Bytes> digests = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      digests.add(bytes(digestLength(), "digest"));
    }
    return digests;
  }

  private int digestLength() {
    int algorithm = u16("algorithm id");
    return switch (algorithm) {
      case 0x0004 -> SHA1_LENGTH;
      case 0x000B -> 32;
      case 0x000C -> 48;
      case 0x000D -> 64;
      default -> throw refusal("Unsupported algorithm ID");
    };
  }

  private Bytes counted(String what) {
    return bytes(count(what), what);
  }

  private int count(String what) {
    long count = u32(what);
    if (count > MAX_COUNT) {
      throw refusal("VecOf length exceeds upper bound");
    }
    return (int) count;
  }

  private Bytes bytes(int length, String what) {
    require(length, what);
    byte[] bytes = new byte[length];
    cursor.get(bytes);
    return Bytes.of(bytes);
  }

  private int u8(String what) {
    require(1, what);
    return Byte.toUnsignedInt(cursor.get());
  }

  private int u16(String what) {
    require(2, what);
    return Short.toUnsignedInt(cursor.getShort());
  }

  private long u32(String what) {
    require(4, what);
    return Integer.toUnsignedLong(cursor.getInt());
  }

  private void require(int length, String what) {
    if (cursor.remaining() < length) {
      throw refusal("failed to decode " + what);
    }
  }

  private RefusalException refusal(String text) {
    return new RefusalException(code, text);
  }
}
