package dstack.kms.chain.proof.rlp;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;
import java.math.BigInteger;
import java.util.List;

/** One value: a string of bytes or a list of values. */
public sealed interface RlpItem {
  /** The bytes of a string; a list is refused. */
  Bytes content();

  /** The values of a list; a string is refused. */
  List<RlpItem> items();

  /** A string of these bytes. */
  static RlpItem of(Bytes content) {
    return new Text(content);
  }

  /** A number from 0 upwards: its bytes, most significant first, without leading zeros. */
  static RlpItem of(BigInteger number) {
    if (number.signum() < 0) {
      throw new IllegalArgumentException("a negative number");
    }
    byte[] digits = number.toByteArray();
    return new Text(Bytes.of(digits, digits[0] == 0 ? 1 : 0, digits.length));
  }

  /** A list of these values. */
  static RlpItem of(List<RlpItem> items) {
    return new Listed(items);
  }

  /** The number that a string holds; leading zeros are refused. */
  default BigInteger number() {
    Bytes digits = content();
    if (!digits.isEmpty() && digits.at(0) == 0) {
      throw new RefusalException(
          RlpRefusal.NOT_CANONICAL, "a number in RLP begins with a zero byte");
    }
    return new BigInteger(1, digits.toArray());
  }

  /**
   * A string.
   *
   * @param content its bytes
   */
  record Text(Bytes content) implements RlpItem {
    @Override
    public List<RlpItem> items() {
      throw new RefusalException(
          RlpRefusal.UNEXPECTED_KIND, "expected a list in RLP, found a string");
    }
  }

  /**
   * A list.
   *
   * @param items its values
   */
  record Listed(List<RlpItem> items) implements RlpItem {
    public Listed {
      items = List.copyOf(items);
    }

    @Override
    public Bytes content() {
      throw new RefusalException(
          RlpRefusal.UNEXPECTED_KIND, "expected a string in RLP, found a list");
    }
  }
}
