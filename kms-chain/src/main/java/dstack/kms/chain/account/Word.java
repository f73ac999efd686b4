package dstack.kms.chain.account;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;
import java.math.BigInteger;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * A word of the chain's machine: a hash, a storage key, a number.
 *
 * @param value 32 bytes
 */
public record Word(Bytes value) {
  /** 32 zero bytes. */
  public static final Word ZERO = new Word(Bytes.zeros(32));

  private static final Pattern DIGITS = Pattern.compile("(?:0x)?([0-9a-fA-F]{64})");

  /** Refuses any other length: shorter values are never padded (specification 20 §10). */
  public Word {
    if (value.length() != 32) {
      throw new RefusalException(AccountRefusal.WORD, "a word has 32 bytes, not " + value.length());
    }
  }

  /** The word in a text: 64 hexadecimal digits after an optional {@code 0x}. */
  public static Word parse(String text) {
    var match = DIGITS.matcher(text);
    if (!match.matches()) {
      throw new RefusalException(
          AccountRefusal.WORD, "expected 32 bytes: 64 hexadecimal digits after an optional 0x");
    }
    return new Word(Bytes.fromHex(match.group(1).toLowerCase(Locale.ROOT)));
  }

  /** A number from 0 to 2^256 - 1. */
  public static Word of(BigInteger number) {
    if (number.signum() < 0 || number.bitLength() > 256) {
      throw new RefusalException(AccountRefusal.WORD, "a number that does not fit a word");
    }
    byte[] content = number.toByteArray();
    int skipped = content.length == 33 ? 1 : 0;
    Bytes digits = Bytes.of(content, skipped, content.length);
    return new Word(Bytes.concat(Bytes.zeros(32 - digits.length()), digits));
  }

  /** As an unsigned number. */
  public BigInteger number() {
    return new BigInteger(1, value.toArray());
  }

  /** Whether all bytes are zero. */
  public boolean isZero() {
    return value.isAllZero();
  }

  /** {@code 0x} and 64 lower-case digits. */
  public String text() {
    return "0x" + value.hex();
  }

  @Override
  public String toString() {
    return text();
  }
}
