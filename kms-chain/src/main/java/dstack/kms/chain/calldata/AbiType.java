package dstack.kms.chain.calldata;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** A type of the contracts' binary interface, as far as the contracts of governance use them. */
public sealed interface AbiType {
  /** As it stands in a signature, for example {@code bytes32[]}. */
  String text();

  /** Whether it is reached by an offset rather than lying in place. */
  boolean isDynamic();

  /** Bytes that it takes in place: of a dynamic one the offset only. */
  default int headSize() {
    return 32;
  }

  /** Types of one word or of any length. */
  enum Plain implements AbiType {
    ADDRESS,
    BOOL,
    BYTES,
    STRING;

    @Override
    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }

    @Override
    public boolean isDynamic() {
      return this == BYTES || this == STRING;
    }
  }

  /**
   * An unsigned number.
   *
   * @param bits 8 to 256
   */
  record Uint(int bits) implements AbiType {
    @Override
    public String text() {
      return "uint" + bits;
    }

    @Override
    public boolean isDynamic() {
      return false;
    }
  }

  /**
   * Bytes of a fixed number.
   *
   * @param size 1 to 32
   */
  record Fixed(int size) implements AbiType {
    @Override
    public String text() {
      return "bytes" + size;
    }

    @Override
    public boolean isDynamic() {
      return false;
    }
  }

  /** Any number of values of one type. */
  record ListOf(AbiType element) implements AbiType {
    @Override
    public String text() {
      return element.text() + "[]";
    }

    @Override
    public boolean isDynamic() {
      return true;
    }
  }

  /** Several values in one. */
  record Tuple(List<Parameter> parts) implements AbiType {
    /** Keeps a copy. */
    public Tuple {
      parts = List.copyOf(parts);
    }

    List<AbiType> types() {
      return parts.stream().map(Parameter::type).toList();
    }

    @Override
    public String text() {
      return types().stream().map(AbiType::text).collect(Collectors.joining(",", "(", ")"));
    }

    @Override
    public boolean isDynamic() {
      return types().stream().anyMatch(AbiType::isDynamic);
    }

    @Override
    public int headSize() {
      return isDynamic() ? 32 : types().stream().mapToInt(AbiType::headSize).sum();
    }
  }
}
