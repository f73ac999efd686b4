package dstack.kms.core.cbor;

import dstack.kms.core.bytes.Bytes;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads strict CBOR. Lengths and counts are compared with the rest of the input before anything is
 * allocated; nesting is limited to 16 and a map to 256 entries. All refusals carry a {@link
 * CborRefusal}.
 */
public final class CborReader {
  private static final int MAX_DEPTH = 16;

  /** Keys of one hash make every entry as dear as all before it; no document has so many. */
  private static final int MAX_ENTRIES = 256;

  private static final int OPEN_MAP = 0xbf;
  private static final int BREAK = 0xff;

  private final Bytes input;
  private final boolean openMapAllowed;
  private int position;

  private CborReader(Bytes input, boolean openMapAllowed) {
    this.input = input;
    this.openMapAllowed = openMapAllowed;
  }

  /** The one item that the bytes consist of. */
  public static CborValue readAll(Bytes input) {
    return new CborReader(input, false).only();
  }

  /**
   * The one item that the bytes consist of, which alone may be a map of indefinite length; nothing
   * inside it may. Nitro security modules write the outermost map of their documents so; those of
   * 2023 and before used a definite length.
   */
  public static CborValue readAllFromOpenMap(Bytes input) {
    return new CborReader(input, true).only();
  }

  /** The first item of a buffer that may hold anything after it. */
  public static CborValue readFirst(Bytes buffer) {
    return new CborReader(buffer, false).item(0);
  }

  private CborValue only() {
    CborValue value = item(0);
    if (position != input.length()) {
      throw CborRefusal.TRAILING_BYTES.because(
          (input.length() - position) + " bytes after the CBOR item");
    }
    return value;
  }

  private CborValue item(int depth) {
    if (depth > MAX_DEPTH) {
      throw CborRefusal.TOO_DEEP.because("CBOR nested deeper than " + MAX_DEPTH);
    }
    int head = next();
    if (head == OPEN_MAP && depth == 0 && openMapAllowed) {
      return openMap();
    }
    int major = head >> 5;
    if (major == 7) {
      return simple(head);
    }
    long argument = argument(head & 0x1f);
    return switch (major) {
      case 0 -> new CborValue.Int(argument);
      case 1 -> new CborValue.Int(-1 - argument);
      case 2 -> new CborValue.Raw(take(argument));
      case 3 -> new CborValue.Text(text(take(argument)));
      case 4 -> array(argument, depth);
      case 5 -> map(argument, depth);
      default -> new CborValue.Tagged(argument, item(depth + 1));
    };
  }

  private static CborValue simple(int head) {
    return switch (head) {
      case 0xf4 -> new CborValue.Bool(false);
      case 0xf5 -> new CborValue.Bool(true);
      case 0xf6 -> new CborValue.Null();
      default ->
          throw CborRefusal.UNSUPPORTED.because(
              "CBOR item 0x" + Integer.toHexString(head) + " is not supported");
    };
  }

  private CborValue array(long count, int depth) {
    requireRest(count);
    List<CborValue> items = new ArrayList<>();
    for (long i = 0; i < count; i++) {
      items.add(item(depth + 1));
    }
    return new CborValue.Array(items);
  }

  private CborValue map(long count, int depth) {
    requireRest(count);
    Map<CborValue, CborValue> entries = new LinkedHashMap<>();
    for (long i = 0; i < count; i++) {
      entry(entries, depth);
    }
    return new CborMap(entries);
  }

  private CborValue openMap() {
    Map<CborValue, CborValue> entries = new LinkedHashMap<>();
    while (peek() != BREAK) {
      entry(entries, 0);
    }
    position++;
    return new CborMap(entries);
  }

  private void entry(Map<CborValue, CborValue> entries, int depth) {
    if (entries.size() == MAX_ENTRIES) {
      throw CborRefusal.TOO_MANY_ENTRIES.because(
          "CBOR map of more than " + MAX_ENTRIES + " entries");
    }
    CborValue key = item(depth + 1);
    if (!(key instanceof CborValue.Int || key instanceof CborValue.Text)) {
      throw CborRefusal.UNSUPPORTED.because("CBOR map key that is no integer and no text");
    }
    if (entries.put(key, item(depth + 1)) != null) {
      throw CborRefusal.DUPLICATE_KEY.because("CBOR map key stands twice");
    }
  }

  /** The argument of a head: at most 2^63 − 1, in its shortest form, never indefinite. */
  private long argument(int information) {
    if (information < 24) {
      return information;
    }
    if (information > 27) {
      throw CborRefusal.UNSUPPORTED.because("CBOR item of indefinite or reserved length");
    }
    int width = 1 << (information - 24);
    long value = 0;
    for (int i = 0; i < width; i++) {
      value = value << 8 | next();
    }
    if (value < 0) {
      throw CborRefusal.OUT_OF_RANGE.because("CBOR number beyond 2^63");
    }
    boolean shortest = width == 1 ? value >= 24 : value >> (width * 4) != 0;
    if (!shortest) {
      throw CborRefusal.NOT_SHORTEST.because("CBOR number not in its shortest form");
    }
    return value;
  }

  private int next() {
    int next = peek();
    position++;
    return next;
  }

  private int peek() {
    requireRest(1);
    return input.at(position);
  }

  private Bytes take(long length) {
    requireRest(length);
    Bytes taken = input.slice(position, position + (int) length);
    position += (int) length;
    return taken;
  }

  private void requireRest(long length) {
    if (length > input.length() - position) {
      throw CborRefusal.TRUNCATED.because("CBOR ends early");
    }
  }

  private static String text(Bytes utf8) {
    return utf8.strictUtf8Text()
        .orElseThrow(() -> CborRefusal.NOT_UTF8.because("CBOR text is not UTF-8"));
  }
}
