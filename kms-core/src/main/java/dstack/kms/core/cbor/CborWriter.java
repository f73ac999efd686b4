package dstack.kms.core.cbor;

import dstack.kms.core.bytes.Bytes;
import java.io.ByteArrayOutputStream;

/** Writes CBOR in the strict form that {@link CborReader} takes; maps keep their order. */
public final class CborWriter {
  private final ByteArrayOutputStream output = new ByteArrayOutputStream();

  private CborWriter() {}

  /** The bytes of the item. */
  public static Bytes write(CborValue value) {
    CborWriter writer = new CborWriter();
    writer.item(value);
    return Bytes.of(writer.output.toByteArray());
  }

  private void item(CborValue value) {
    switch (value) {
      case CborValue.Int(long number) -> head(number < 0 ? 1 : 0, number < 0 ? ~number : number);
      case CborValue.Raw(Bytes bytes) -> string(2, bytes);
      case CborValue.Text(String text) -> string(3, Bytes.utf8(text));
      case CborValue.Array array -> {
        head(4, array.items().size());
        array.items().forEach(this::item);
      }
      case CborMap map -> {
        head(5, map.entries().size());
        map.entries().forEach(this::entry);
      }
      case CborValue.Tagged tagged -> {
        head(6, tagged.tag());
        item(tagged.item());
      }
      case CborValue.Bool(boolean set) -> output.write(set ? 0xf5 : 0xf4);
      case CborValue.Null _ -> output.write(0xf6);
    }
  }

  private void entry(CborValue key, CborValue value) {
    item(key);
    item(value);
  }

  private void string(int major, Bytes content) {
    head(major, content.length());
    output.writeBytes(content.toArray());
  }

  private void head(int major, long argument) {
    int first = major << 5;
    if (argument < 24) {
      output.write(first | (int) argument);
      return;
    }
    int widthIndex = argument < 1 << 8 ? 0 : argument < 1 << 16 ? 1 : argument >> 32 == 0 ? 2 : 3;
    output.write(first | 24 + widthIndex);
    for (int shift = (8 << widthIndex) - 8; shift >= 0; shift -= 8) {
      output.write((int) (argument >> shift));
    }
  }
}
