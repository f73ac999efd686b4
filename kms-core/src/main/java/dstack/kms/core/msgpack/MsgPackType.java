package dstack.kms.core.msgpack;

/** What kind of value a first byte announces. */
public enum MsgPackType {
  NIL,
  BOOLEAN,
  INTEGER,
  FLOAT,
  STRING,
  BINARY,
  ARRAY,
  MAP,
  EXTENSION,
  /** The byte {@code c1}, which begins no value. */
  NEVER_USED;

  /** The type that the first byte of a value stands for. */
  static MsgPackType of(int head) {
    if (head <= 0x7f || head >= 0xe0) {
      return INTEGER;
    }
    if (head <= 0x8f) {
      return MAP;
    }
    if (head <= 0x9f) {
      return ARRAY;
    }
    return head <= 0xbf ? STRING : ofMarker(head);
  }

  private static MsgPackType ofMarker(int head) {
    return switch (head) {
      case 0xc0 -> NIL;
      case 0xc1 -> NEVER_USED;
      case 0xc2, 0xc3 -> BOOLEAN;
      case 0xc4, 0xc5, 0xc6 -> BINARY;
      case 0xca, 0xcb -> FLOAT;
      case 0xc7, 0xc8, 0xc9, 0xd4, 0xd5, 0xd6, 0xd7, 0xd8 -> EXTENSION;
      case 0xd9, 0xda, 0xdb -> STRING;
      case 0xdc, 0xdd -> ARRAY;
      case 0xde, 0xdf -> MAP;
      default -> INTEGER; // cc to d3: the six that are left and their signed twins
    };
  }
}
