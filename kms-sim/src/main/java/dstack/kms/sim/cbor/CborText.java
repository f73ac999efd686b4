package dstack.kms.sim.cbor;

import dstack.kms.core.bytes.Bytes;

/** CBOR items, each written by itself: definite lengths, shortest heads. */
public final class CborText {
  /** The item null. */
  public static final Bytes NULL = Bytes.fromHex("f6");

  private CborText() {}

  /** An integer. */
  public static Bytes integer(long value) {
    return value < 0 ? head(1, ~value) : head(0, value);
  }

  /** A byte string. */
  public static Bytes bytes(Bytes content) {
    return Bytes.concat(head(2, content.length()), content);
  }

  /** A text string. */
  public static Bytes text(String content) {
    Bytes utf8 = Bytes.utf8(content);
    return Bytes.concat(head(3, utf8.length()), utf8);
  }

  /** An array of items that are written already. */
  public static Bytes array(Bytes... items) {
    return Bytes.concat(head(4, items.length), Bytes.concat(items));
  }

  /** A map of keys and values in turn that are written already. */
  public static Bytes map(Bytes... keysAndValues) {
    return Bytes.concat(head(5, keysAndValues.length / 2), Bytes.concat(keysAndValues));
  }

  private static Bytes head(int major, long argument) {
    int first = major << 5;
    if (argument < 24) {
      return raw(first | (int) argument);
    }
    if (argument < 0x100) {
      return raw(first | 24, (int) argument);
    }
    if (argument < 0x1_0000) {
      return raw(first | 25, (int) argument >> 8, (int) argument);
    }
    Bytes high = half((int) (argument >>> 32));
    Bytes low = half((int) argument);
    return high.isAllZero()
        ? Bytes.concat(raw(first | 26), low)
        : Bytes.concat(raw(first | 27), high, low);
  }

  private static Bytes half(int value) {
    return raw(value >> 24, value >> 16, value >> 8, value);
  }

  private static Bytes raw(int... values) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      bytes[i] = (byte) values[i];
    }
    return Bytes.of(bytes);
  }
}
