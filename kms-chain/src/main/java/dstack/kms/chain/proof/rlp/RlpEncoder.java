package dstack.kms.chain.proof.rlp;

import dstack.kms.core.bytes.Bytes;
import java.math.BigInteger;

/** Writes the canonical encoding of a value. */
public final class RlpEncoder {
  private RlpEncoder() {}

  /** The encoding of that value. */
  public static Bytes encode(RlpItem item) {
    return switch (item) {
      case RlpItem.Text text -> encode(text.content());
      case RlpItem.Listed list -> {
        Bytes[] parts = list.items().stream().map(RlpEncoder::encode).toArray(Bytes[]::new);
        Bytes content = Bytes.concat(parts);
        yield Bytes.concat(prefix(0xc0, content.length()), content);
      }
    };
  }

  private static Bytes encode(Bytes content) {
    boolean itself = content.length() == 1 && content.at(0) < 0x80;
    return itself ? content : Bytes.concat(prefix(0x80, content.length()), content);
  }

  private static Bytes prefix(int base, int length) {
    if (length < 56) {
      return Bytes.of(new byte[] {(byte) (base + length)});
    }
    Bytes digits = RlpItem.of(BigInteger.valueOf(length)).content();
    return Bytes.concat(Bytes.of(new byte[] {(byte) (base + 55 + digits.length())}), digits);
  }
}
