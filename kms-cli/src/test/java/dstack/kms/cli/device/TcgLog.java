package dstack.kms.cli.device;

import dstack.kms.core.bytes.Bytes;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Writes a firmware's boot log in the crypto-agile form of the TCG with one algorithm. */
final class TcgLog {
  static final int SHA256 = 0x000B;
  static final int SHA384 = 0x000C;
  private static final int NO_ACTION = 3;

  private final int algorithm;
  private final ByteArrayOutputStream content = new ByteArrayOutputStream();

  TcgLog(int algorithm) {
    this.algorithm = algorithm;
    Bytes describes =
        Bytes.concat(
            Bytes.utf8("Spec ID Event03\0"),
            u32(0),
            Bytes.fromHex("00020002"),
            u32(1),
            u16(algorithm),
            u16(algorithm == SHA256 ? 32 : 48),
            Bytes.fromHex("00"));
    add(u32(0), u32(NO_ACTION), Bytes.zeros(20), u32(describes.length()), describes);
  }

  TcgLog event(long register, long type, Bytes digest, Bytes event) {
    add(u32(register), u32(type), u32(1), u16(algorithm), digest, u32(event.length()), event);
    return this;
  }

  /** With the end marker. */
  byte[] bytes() {
    add(u32(0xFFFF_FFFFL));
    return content.toByteArray();
  }

  private void add(Bytes... parts) {
    content.writeBytes(Bytes.concat(parts).toArray());
  }

  private static Bytes u32(long value) {
    return Bytes.of(
        ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt((int) value).array());
  }

  private static Bytes u16(int value) {
    return Bytes.of(
        ByteBuffer.allocate(2).order(ByteOrder.LITTLE_ENDIAN).putShort((short) value).array());
  }
}
