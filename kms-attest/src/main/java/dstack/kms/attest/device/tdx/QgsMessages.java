package dstack.kms.attest.device.tdx;

import dstack.kms.attest.device.DeviceRefusal;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Request and response of the host's quote service, little-endian (specification 13 §5). */
final class QgsMessages {
  /** The largest response in bytes. */
  static final int LARGEST_RESPONSE = 16 << 10;

  private static final int REQUEST_TYPE = 0;
  private static final int RESPONSE_TYPE = 1;
  private static final int HEAD = 24;
  private static final int SHORTEST_QUOTE = 1020;

  private QgsMessages() {}

  /** What is sent: the length of the message, big-endian, and the message. */
  static Bytes request(Bytes tdReport) {
    int size = HEAD + tdReport.length();
    ByteBuffer head = ByteBuffer.allocate(4 + HEAD);
    head.order(ByteOrder.BIG_ENDIAN).putInt(size);
    head.order(ByteOrder.LITTLE_ENDIAN).putShort((short) 1).putShort((short) 0);
    head.putInt(REQUEST_TYPE).putInt(size).putInt(0).putInt(tdReport.length()).putInt(0);
    return Bytes.concat(Bytes.of(head.array()), tdReport);
  }

  /** The length that the four bytes before a response announce, within the bound. */
  static int responseLength(Bytes prefix) {
    long length = Integer.toUnsignedLong(prefix.buffer().getInt());
    if (length > LARGEST_RESPONSE) {
      throw failure("response too large: " + length);
    }
    if (length < HEAD) {
      throw failure("response too short: " + length);
    }
    return (int) length;
  }

  /** The quote in a response. */
  static Bytes quote(Bytes response) {
    if (response.length() < HEAD) {
      throw failure("response too short: " + response.length());
    }
    ByteBuffer head = response.buffer().order(ByteOrder.LITTLE_ENDIAN);
    long type = Integer.toUnsignedLong(head.getInt(4));
    if (type != RESPONSE_TYPE) {
      throw failure("unexpected message type: " + type);
    }
    int error = head.getInt(12);
    if (error != 0) {
      throw failure("QGS error code: 0x" + Integer.toHexString(error) + meaning(error));
    }
    long start = HEAD + Integer.toUnsignedLong(head.getInt(16));
    long end = start + Integer.toUnsignedLong(head.getInt(20));
    if (end > response.length()) {
      throw failure("response truncated: " + end + " > " + response.length());
    }
    if (end - start < SHORTEST_QUOTE) {
      throw failure("quote too short");
    }
    if (end != response.length()) {
      throw failure("response has " + (response.length() - end) + " bytes after the quote");
    }
    return response.slice((int) start, (int) end);
  }

  private static String meaning(int error) {
    return switch (error) {
      case 0x12001 -> " (unexpected)";
      case 0x12002 -> " (out of memory)";
      case 0x12003 -> " (invalid parameter)";
      case 0x12004 -> " (invalid version)";
      case 0x12005 -> " (invalid type)";
      case 0x12006 -> " (invalid size)";
      case 0x12007 -> " (invalid code)";
      default -> "";
    };
  }

  static RefusalException failure(String why) {
    return DeviceRefusal.VSOCK_FAILURE.because(why);
  }
}
