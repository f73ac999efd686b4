package dstack.kms.core.cbor;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;
import java.util.List;

/** One CBOR data item. */
public sealed interface CborValue
    permits CborValue.Int,
        CborValue.Raw,
        CborValue.Text,
        CborValue.Array,
        CborMap,
        CborValue.Tagged,
        CborValue.Bool,
        CborValue.Null {

  /** An integer that fits a signed 64-bit number; others are refused when read. */
  record Int(long value) implements CborValue {}

  /** A byte string. */
  record Raw(Bytes value) implements CborValue {}

  /** A text string. */
  record Text(String value) implements CborValue {}

  /** An array. */
  record Array(List<CborValue> items) implements CborValue {
    public Array {
      items = List.copyOf(items);
    }
  }

  /** An item under a tag. */
  record Tagged(long tag, CborValue item) implements CborValue {}

  /** A boolean. */
  record Bool(boolean value) implements CborValue {}

  /** The value null. */
  record Null() implements CborValue {}

  /** The item as a map, or a refusal that names what was expected to be one. */
  default CborMap asMap(String what) {
    if (this instanceof CborMap map) {
      return map;
    }
    throw wrong(what, "a map");
  }

  /** The item as an array, or a refusal. */
  default List<CborValue> asArray(String what) {
    if (this instanceof Array(List<CborValue> items)) {
      return items;
    }
    throw wrong(what, "an array");
  }

  /** The item as a byte string, or a refusal. */
  default Bytes asBytes(String what) {
    if (this instanceof Raw(Bytes value)) {
      return value;
    }
    throw wrong(what, "a byte string");
  }

  /** The item as a text string, or a refusal. */
  default String asText(String what) {
    if (this instanceof Text(String value)) {
      return value;
    }
    throw wrong(what, "a text string");
  }

  /** The item as an integer, or a refusal. */
  default long asInteger(String what) {
    if (this instanceof Int(long value)) {
      return value;
    }
    throw wrong(what, "an integer");
  }

  private static RefusalException wrong(String what, String expected) {
    return CborRefusal.WRONG_TYPE.because(what + " is not " + expected);
  }
}
