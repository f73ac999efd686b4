package dstack.kms.chain.account;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.crypto.Keccak;
import dstack.kms.core.refusal.RefusalException;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * An account or a contract.
 *
 * @param value 20 bytes
 */
public record Address(Bytes value) implements Comparable<Address> {
  /** Nobody. */
  public static final Address ZERO = new Address(Bytes.zeros(20));

  private static final Pattern DIGITS = Pattern.compile("(?:0x)?([0-9a-fA-F]{40})");

  /** Refuses any other length. */
  public Address {
    if (value.length() != 20) {
      throw new RefusalException(
          AccountRefusal.ADDRESS, "an address has 20 bytes, not " + value.length());
    }
  }

  /**
   * The address in a text: 40 hexadecimal digits after an optional {@code 0x}. Digits of both cases
   * carry a checksum (EIP-55), which must hold.
   */
  public static Address parse(String text) {
    var match = DIGITS.matcher(text);
    if (!match.matches()) {
      throw new RefusalException(
          AccountRefusal.ADDRESS, "not an address: expected 0x and 40 hexadecimal digits");
    }
    String digits = match.group(1);
    Address address = new Address(Bytes.fromHex(digits.toLowerCase(Locale.ROOT)));
    if (isMixed(digits) && !address.checksummed().equals("0x" + digits)) {
      throw new RefusalException(
          AccountRefusal.ADDRESS,
          "the checksum of address 0x"
              + digits
              + " does not hold: a digit is wrong, or write it in lower case");
    }
    return address;
  }

  private static boolean isMixed(String digits) {
    return !digits.equals(digits.toLowerCase(Locale.ROOT))
        && !digits.equals(digits.toUpperCase(Locale.ROOT));
  }

  /** The low 20 bytes of a word whose other bytes are zero. */
  public static Address ofWord(Word word) {
    if (!word.value().slice(0, 12).isAllZero()) {
      throw new RefusalException(AccountRefusal.ADDRESS, "a word with more than 20 bytes in use");
    }
    return new Address(word.value().slice(12, 32));
  }

  /** Whether it is nobody. */
  public boolean isZero() {
    return value.isAllZero();
  }

  /** Left-padded to a word. */
  public Word word() {
    return new Word(Bytes.concat(Bytes.zeros(12), value));
  }

  /** {@code 0x} and 40 digits whose case is the checksum of EIP-55. */
  public String checksummed() {
    String digits = value.hex();
    String hash = Keccak.keccak256(Bytes.utf8(digits)).hex();
    StringBuilder text = new StringBuilder("0x");
    for (int i = 0; i < digits.length(); i++) {
      char digit = digits.charAt(i);
      text.append(hash.charAt(i) >= '8' ? Character.toUpperCase(digit) : digit);
    }
    return text.toString();
  }

  /** {@code 0x} and 40 lower-case digits, as JSON-RPC has it. */
  public String lowerCase() {
    return "0x" + value.hex();
  }

  /** By number, the order in which a Safe wants its owners' signatures. */
  @Override
  public int compareTo(Address other) {
    return value.hex().compareTo(other.value.hex());
  }

  @Override
  public String toString() {
    return checksummed();
  }
}
