package dstack.kms.chain.calldata;

import dstack.kms.chain.account.Address;
import dstack.kms.chain.account.Word;
import dstack.kms.core.bytes.Bytes;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Reads the one canonical encoding of given types, front to back.
 *
 * <p>Every offset must point at the first byte that nothing before it took, every padding byte must
 * be zero and nothing may follow. So two readers cannot see different values in the same bytes, no
 * byte is read twice, and time is linear in the length.
 */
final class AbiDecoder {
  private static final BigInteger MAX = BigInteger.valueOf(1 << 24);

  private final Bytes data;

  private AbiDecoder(Bytes data) {
    this.data = data;
  }

  /** The values; refuses anything but their canonical encoding. */
  static List<AbiValue> decode(List<AbiType> types, Bytes data) {
    Part part = new AbiDecoder(data).sequence(types, 0);
    if (part.end() != data.length()) {
      throw CalldataRefusal.ENCODING.because(
          "expected " + part.end() + " bytes of arguments, found " + data.length());
    }
    return part.values();
  }

  private record Part(List<AbiValue> values, int end) {}

  private record One(AbiValue value, int end) {}

  private Part sequence(List<AbiType> types, int base) {
    int head = base;
    int tail = base + types.stream().mapToInt(AbiType::headSize).sum();
    require(tail);
    List<AbiValue> values = new ArrayList<>();
    for (AbiType type : types) {
      if (type.isDynamic()) {
        requireOffset(head, tail - base);
        One one = dynamic(type, tail);
        values.add(one.value());
        tail = one.end();
      } else {
        values.add(inPlace(type, head));
      }
      head += type.headSize();
    }
    return new Part(values, tail);
  }

  private void requireOffset(int position, int expected) {
    if (!word(position).number().equals(BigInteger.valueOf(expected))) {
      throw CalldataRefusal.ENCODING.because(
          "expected an offset of " + expected + " at byte " + position);
    }
  }

  private One dynamic(AbiType type, int position) {
    return switch (type) {
      case AbiType.Plain plain when plain == AbiType.Plain.STRING -> text(position);
      case AbiType.Plain _ -> {
        Bytes content = counted(position);
        yield new One(new AbiValue.Data(content), after(position, content));
      }
      case AbiType.ListOf list -> list(list, position);
      case AbiType.Tuple tuple -> {
        Part part = sequence(tuple.types(), position);
        yield new One(new AbiValue.Items(part.values()), part.end());
      }
      case AbiType.Uint _, AbiType.Fixed _ -> throw new IllegalStateException(type.text());
    };
  }

  private AbiValue inPlace(AbiType type, int position) {
    return switch (type) {
      case AbiType.Plain plain when plain == AbiType.Plain.ADDRESS -> account(position);
      case AbiType.Plain _ -> new AbiValue.Flag(number(position, 1).signum() > 0);
      case AbiType.Uint uint -> new AbiValue.Num(number(position, uint.bits()));
      case AbiType.Fixed fixed -> fixed(fixed, position);
      case AbiType.Tuple tuple -> new AbiValue.Items(sequence(tuple.types(), position).values());
      case AbiType.ListOf _ -> throw new IllegalStateException(type.text());
    };
  }

  private AbiValue account(int position) {
    number(position, 160);
    return new AbiValue.Account(Address.ofWord(word(position)));
  }

  private AbiValue fixed(AbiType.Fixed type, int position) {
    Bytes word = word(position).value();
    if (!word.slice(type.size(), 32).isAllZero()) {
      throw CalldataRefusal.ENCODING.because("padding that is not zero at byte " + position);
    }
    return new AbiValue.Hash(word.slice(0, type.size()));
  }

  private One text(int position) {
    Bytes content = counted(position);
    String text =
        content
            .strictUtf8Text()
            .orElseThrow(() -> CalldataRefusal.ENCODING.because("a string that is not UTF-8"));
    return new One(new AbiValue.Text(text), after(position, content));
  }

  private One list(AbiType.ListOf type, int position) {
    int count = length(position);
    require(position + 32 + (long) count * type.element().headSize());
    Part part = sequence(Collections.nCopies(count, type.element()), position + 32);
    return new One(new AbiValue.Items(part.values()), part.end());
  }

  private Bytes counted(int position) {
    int length = length(position);
    int start = position + 32;
    int padded = (length + 31) & ~31;
    require((long) start + padded);
    if (!data.slice(start + length, start + padded).isAllZero()) {
      throw CalldataRefusal.ENCODING.because("padding that is not zero after byte " + start);
    }
    return data.slice(start, start + length);
  }

  private static int after(int position, Bytes content) {
    return position + 32 + ((content.length() + 31) & ~31);
  }

  private int length(int position) {
    BigInteger length = word(position).number();
    if (length.compareTo(MAX) > 0) {
      throw CalldataRefusal.ENCODING.because("a length beyond the data at byte " + position);
    }
    return length.intValueExact();
  }

  private BigInteger number(int position, int bits) {
    BigInteger number = word(position).number();
    if (number.bitLength() > bits) {
      throw CalldataRefusal.ENCODING.because(
          "a word with more than " + bits + " bits at byte " + position);
    }
    return number;
  }

  private Word word(int position) {
    require(position + 32L);
    return new Word(data.slice(position, position + 32));
  }

  private void require(long end) {
    if (end > data.length()) {
      throw CalldataRefusal.ENCODING.because(
          "expected at least " + end + " bytes of arguments, found " + data.length());
    }
  }
}
