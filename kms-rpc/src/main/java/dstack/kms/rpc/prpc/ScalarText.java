package dstack.kms.rpc.prpc;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import dstack.kms.core.refusal.RefusalException;
import java.util.HexFormat;

/** Scalars read from text, the same in JSON and in a query (specification 01 §4). */
final class ScalarText {
  private static final int MAX_DIGITS = 20;

  private ScalarText() {}

  /** Hex of either case after any number of leading {@code 0x}. */
  static ByteString hex(String field, char[] text, int from, int to) {
    int start = from;
    while (to - start >= 2 && text[start] == '0' && text[start + 1] == 'x') {
      start += 2;
    }
    try {
      return UnsafeByteOperations.unsafeWrap(HexFormat.of().parseHex(text, start, to));
    } catch (IllegalArgumentException e) {
      throw malformed(field, "must be an even number of hexadecimal digits");
    }
  }

  /** A non-negative integer below 2^32: digits only. */
  static int uint32(String field, String digits) {
    long value = uint64(field, digits);
    if (Long.compareUnsigned(value, 0xffff_ffffL) > 0) {
      throw malformed(field, "is out of range");
    }
    return (int) value;
  }

  /** A non-negative integer below 2^64 in the bits of a long: digits only. */
  static long uint64(String field, String digits) {
    boolean plain = digits.chars().allMatch(c -> c >= '0' && c <= '9');
    if (digits.isEmpty() || digits.length() > MAX_DIGITS || !plain) {
      throw malformed(field, "must be a non-negative integer in range");
    }
    try {
      return Long.parseUnsignedLong(digits);
    } catch (NumberFormatException e) {
      throw malformed(field, "is out of range");
    }
  }

  /** Exactly {@code true} or {@code false}. */
  static boolean bool(String field, String text) {
    return switch (text) {
      case "true" -> true;
      case "false" -> false;
      default -> throw malformed(field, "must be true or false");
    };
  }

  /** The refusal of a field whose value is not of its type. */
  static RefusalException malformed(String field, String what) {
    return new RefusalException(RpcRefusal.BAD_INPUT, "invalid input: " + field + " " + what);
  }
}
