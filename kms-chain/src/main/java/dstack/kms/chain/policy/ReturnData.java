package dstack.kms.chain.policy;

import dstack.kms.chain.account.Address;
import dstack.kms.chain.account.Word;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;
import java.math.BigInteger;

/**
 * Reads what the contract's functions return, in the one encoding that Solidity gives it: offsets
 * where they belong, truth values 0 or 1, padding of zeros, nothing behind the end.
 */
public final class ReturnData {
  /** The longest text that is taken, in bytes. */
  public static final int MAX_TEXT = 1024;

  private ReturnData() {}

  /** Of {@code isAppAllowed} and {@code isKmsAllowed}: {@code (bool, string)}. */
  public static Verdict verdict(Bytes data) {
    requireWords(data, 3);
    boolean allowed = flag(word(data, 0));
    requireOffset(word(data, 1), 0x40);
    return new Verdict(allowed, textAt(data, 0x40));
  }

  /** Of {@code gatewayAppId}: {@code string}. */
  public static String text(Bytes data) {
    requireWords(data, 2);
    requireOffset(word(data, 0), 0x20);
    return textAt(data, 0x20);
  }

  /** Of {@code appImplementation}: {@code address}. */
  public static Address address(Bytes data) {
    Word word = only(data);
    if (!word.value().slice(0, 12).isAllZero()) {
      throw wrong("an address with more than 20 bytes");
    }
    return Address.ofWord(word);
  }

  /** Of {@code supportsInterface}: {@code bool}. */
  public static boolean flag(Bytes data) {
    return flag(only(data));
  }

  private static Word only(Bytes data) {
    if (data.length() != 32) {
      throw wrong("expected 32 bytes, found " + data.length());
    }
    return word(data, 0);
  }

  private static boolean flag(Word word) {
    if (word.number().bitLength() > 1) {
      throw wrong("a truth value that is neither 0 nor 1");
    }
    return word.number().signum() == 1;
  }

  private static String textAt(Bytes data, int position) {
    BigInteger announced = word(data, position / 32).number();
    if (announced.compareTo(BigInteger.valueOf(MAX_TEXT)) > 0) {
      throw new RefusalException(
          PolicyRefusal.TEXT_LENGTH,
          "the contract answered a text of more than " + MAX_TEXT + " bytes");
    }
    int start = position + 32;
    int end = start + announced.intValueExact();
    int padded = (end + 31) & ~31;
    if (data.length() != padded) {
      throw wrong("expected " + padded + " bytes, found " + data.length());
    }
    if (!data.slice(end, padded).isAllZero()) {
      throw wrong("padding that is not zero");
    }
    return data.slice(start, end).strictUtf8Text().orElseThrow(() -> wrong("no UTF-8"));
  }

  private static void requireOffset(Word word, int expected) {
    if (!word.number().equals(BigInteger.valueOf(expected))) {
      throw wrong("an offset other than " + expected);
    }
  }

  private static void requireWords(Bytes data, int words) {
    if (data.length() < 32 * words) {
      throw wrong("expected at least " + 32 * words + " bytes, found " + data.length());
    }
  }

  private static Word word(Bytes data, int index) {
    return new Word(data.slice(32 * index, 32 * index + 32));
  }

  private static RefusalException wrong(String found) {
    return new RefusalException(
        PolicyRefusal.ENCODING, "the contract's answer is not of the agreed form: " + found);
  }
}
