package dstack.kms.rpc.tls.hostile;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;

/** Bytes as TLS counts them. */
final class Wire {
  static final byte[] NOTHING = {};

  private Wire() {}

  static byte[] bytes(int... values) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      bytes[i] = (byte) values[i];
    }
    return bytes;
  }

  static byte[] concat(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }

  static byte[] number(long value, int width) {
    byte[] number = new byte[width];
    for (int i = 0; i < width; i++) {
      number[width - 1 - i] = (byte) (value >>> (8 * i));
    }
    return number;
  }

  /** The content behind its length in so many bytes. */
  static byte[] vector(int width, byte[] content) {
    return concat(number(content.length, width), content);
  }

  static int read(byte[] from, int at, int width) {
    int value = 0;
    for (int i = 0; i < width; i++) {
      value = (value << 8) | (from[at + i] & 0xff);
    }
    return value;
  }

  static byte[] slice(byte[] from, int begin, int end) {
    return Arrays.copyOfRange(from, begin, end);
  }

  static byte[] extension(int type, byte[] content) {
    return concat(number(type, 2), vector(2, content));
  }

  /** A handshake message of that type. */
  static byte[] handshake(int type, byte[] body) {
    return concat(bytes(type), vector(3, body));
  }

  static byte[] record(int type, int version, byte[] content) {
    return concat(bytes(type), number(version, 2), vector(2, content));
  }
}
