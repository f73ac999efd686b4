package dstack.kms.chain.calldata;

import dstack.kms.chain.account.Word;
import dstack.kms.core.bytes.Bytes;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Values to the bytes that contracts read. */
final class AbiEncoder {
  private AbiEncoder() {}

  /**
   * The values one after the other, dynamic ones by offset.
   *
   * @throws IllegalArgumentException if a value is of another type
   */
  static Bytes encode(List<AbiType> types, List<AbiValue> values) {
    if (types.size() != values.size()) {
      throw new IllegalArgumentException(
          "expected " + types.size() + " values, not " + values.size());
    }
    int tail = types.stream().mapToInt(AbiType::headSize).sum();
    List<Bytes> head = new ArrayList<>();
    List<Bytes> after = new ArrayList<>();
    for (int i = 0; i < types.size(); i++) {
      Bytes encoded = one(types.get(i), values.get(i));
      if (types.get(i).isDynamic()) {
        head.add(number(tail));
        after.add(encoded);
        tail += encoded.length();
      } else {
        head.add(encoded);
      }
    }
    head.addAll(after);
    return Bytes.concat(head.toArray(Bytes[]::new));
  }

  private static Bytes one(AbiType type, AbiValue value) {
    return switch (type) {
      case AbiType.Plain plain -> plain(plain, value);
      case AbiType.Uint uint when value instanceof AbiValue.Num num ->
          within(num.value(), uint.bits());
      case AbiType.Fixed fixed
          when value instanceof AbiValue.Hash hash && hash.value().length() == fixed.size() ->
          hash.value().paddedTo(32);
      case AbiType.ListOf list when value instanceof AbiValue.Items items ->
          Bytes.concat(number(items.values().size()), repeated(list, items.values()));
      case AbiType.Tuple tuple when value instanceof AbiValue.Items items ->
          encode(tuple.types(), items.values());
      default -> throw mismatch(type, value);
    };
  }

  private static Bytes plain(AbiType.Plain type, AbiValue value) {
    return switch (value) {
      case AbiValue.Account account when type == AbiType.Plain.ADDRESS ->
          account.value().word().value();
      case AbiValue.Flag flag when type == AbiType.Plain.BOOL -> number(flag.value() ? 1 : 0);
      case AbiValue.Data data when type == AbiType.Plain.BYTES -> counted(data.value());
      case AbiValue.Text text when type == AbiType.Plain.STRING ->
          counted(Bytes.utf8(text.value()));
      default -> throw mismatch(type, value);
    };
  }

  private static Bytes repeated(AbiType.ListOf list, List<AbiValue> values) {
    return encode(Collections.nCopies(values.size(), list.element()), values);
  }

  private static Bytes counted(Bytes content) {
    return Bytes.concat(number(content.length()), content.paddedTo((content.length() + 31) & ~31));
  }

  private static Bytes within(BigInteger number, int bits) {
    if (number.signum() < 0 || number.bitLength() > bits) {
      throw new IllegalArgumentException("a number that does not fit " + bits + " bits");
    }
    return Word.of(number).value();
  }

  private static Bytes number(long number) {
    return Word.of(BigInteger.valueOf(number)).value();
  }

  private static IllegalArgumentException mismatch(AbiType type, AbiValue value) {
    return new IllegalArgumentException("no " + type.text() + ": " + value.words());
  }
}
