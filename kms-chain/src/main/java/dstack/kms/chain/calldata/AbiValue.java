package dstack.kms.chain.calldata;

import dstack.kms.chain.account.Address;
import dstack.kms.chain.account.Word;
import dstack.kms.core.bytes.Bytes;
import java.math.BigInteger;
import java.util.List;
import java.util.stream.Collectors;

/** A value of an {@link AbiType}. */
public sealed interface AbiValue {
  /** For people, on one line; text of others is quoted and loses its control characters. */
  String words();

  /** Of {@code uintN}. */
  record Num(BigInteger value) implements AbiValue {
    @Override
    public String words() {
      return value.toString();
    }
  }

  /** Of {@code address}. */
  record Account(Address value) implements AbiValue {
    @Override
    public String words() {
      return value.checksummed();
    }
  }

  /** Of {@code bool}. */
  record Flag(boolean value) implements AbiValue {
    @Override
    public String words() {
      return String.valueOf(value);
    }
  }

  /** Of {@code bytesN}. */
  record Hash(Bytes value) implements AbiValue {
    @Override
    public String words() {
      return "0x" + value.hex();
    }
  }

  /** Of {@code bytes}. */
  record Data(Bytes value) implements AbiValue {
    private static final int SHOWN = 66;

    @Override
    public String words() {
      return value.length() <= SHOWN
          ? "0x" + value.hex()
          : "0x" + value.slice(0, SHOWN).hex() + "… (" + value.length() + " bytes)";
    }
  }

  /** Of {@code string}. */
  record Text(String value) implements AbiValue {
    private static final int SHOWN = 200;

    @Override
    public String words() {
      String plain = value.replaceAll("[^\\x20-\\x7e]", "?");
      return plain.length() <= SHOWN
          ? '"' + plain + '"'
          : '"' + plain.substring(0, SHOWN) + "…\" (" + value.length() + " characters)";
    }
  }

  /** Of a list or a tuple. */
  record Items(List<AbiValue> values) implements AbiValue {
    /** Keeps a copy. */
    public Items {
      values = List.copyOf(values);
    }

    @Override
    public String words() {
      return values.stream().map(AbiValue::words).collect(Collectors.joining(", ", "[", "]"));
    }
  }

  /** An account. */
  static AbiValue of(Address value) {
    return new Account(value);
  }

  /** A {@code bytes32}. */
  static AbiValue of(Word value) {
    return new Hash(value.value());
  }

  /** A flag. */
  static AbiValue of(boolean value) {
    return new Flag(value);
  }

  /** A number. */
  static AbiValue of(BigInteger value) {
    return new Num(value);
  }

  /** A number. */
  static AbiValue of(long value) {
    return new Num(BigInteger.valueOf(value));
  }

  /** Bytes of any length. */
  static AbiValue of(Bytes value) {
    return new Data(value);
  }

  /** A text. */
  static AbiValue of(String value) {
    return new Text(value);
  }

  /** A list or a tuple. */
  static AbiValue of(List<? extends AbiValue> values) {
    return new Items(List.copyOf(values));
  }
}
