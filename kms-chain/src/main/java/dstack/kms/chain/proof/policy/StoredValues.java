package dstack.kms.chain.proof.policy;

import dstack.kms.chain.account.Word;
import dstack.kms.chain.proof.state.ProvenAccount;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/** Reads variables out of words; what the compiler never writes is refused. */
final class StoredValues {
  /** Words of a long text that are asked for: 96 bytes. */
  static final int TEXT_WORDS = 3;

  private static final int WORD = 32;

  private StoredValues() {}

  /** A truth value with a word of its own. */
  static boolean flag(ProvenAccount account, Word key) {
    Bytes word = account.storage(key).value();
    if (!word.slice(0, WORD - 1).isAllZero()) {
      throw bad(account, key);
    }
    return flag(account, key, 0);
  }

  /** A truth value in the byte of that offset, counted from the least significant one. */
  static boolean flag(ProvenAccount account, Word key, int offset) {
    return switch (account.storage(key).value().at(WORD - 1 - offset)) {
      case 0 -> false;
      case 1 -> true;
      default -> throw bad(account, key);
    };
  }

  /** All words that {@link #text} may need. */
  static List<Word> textKeys(int slot) {
    List<Word> keys = new ArrayList<>(List.of(Slots.at(slot)));
    for (int i = 0; i < TEXT_WORDS; i++) {
      keys.add(Slots.data(slot, i));
    }
    return keys;
  }

  /**
   * A text: up to 31 bytes lie in the word itself, whose last byte is twice their number; of longer
   * ones the word is twice their number and one more.
   */
  static String text(ProvenAccount account, int slot) {
    Bytes head = account.storage(Slots.at(slot)).value();
    boolean isLong = (head.at(WORD - 1) & 1) == 1;
    Bytes content = isLong ? longText(account, slot) : shortText(head);
    return content.strictUtf8Text().orElseThrow(() -> badText("a text that is not UTF-8"));
  }

  private static Bytes shortText(Bytes head) {
    int length = head.at(WORD - 1) / 2;
    if (length >= WORD) {
      throw badText("a short text of " + length + " bytes");
    }
    return unpadded(head.slice(0, WORD - 1), length);
  }

  private static Bytes longText(ProvenAccount account, int slot) {
    BigInteger length = account.storage(Slots.at(slot)).number().shiftRight(1);
    if (length.compareTo(BigInteger.valueOf(WORD)) < 0
        || length.compareTo(BigInteger.valueOf(TEXT_WORDS * WORD)) > 0) {
      throw badText("a text of " + length + " bytes, expected at most " + TEXT_WORDS * WORD);
    }
    List<Bytes> words = new ArrayList<>();
    for (int i = 0; i * WORD < length.intValueExact(); i++) {
      words.add(account.storage(Slots.data(slot, i)).value());
    }
    return unpadded(Bytes.concat(words.toArray(Bytes[]::new)), length.intValueExact());
  }

  private static Bytes unpadded(Bytes padded, int length) {
    if (!padded.slice(length, padded.length()).isAllZero()) {
      throw badText("a text with something behind its end");
    }
    return padded.slice(0, length);
  }

  private static RefusalException bad(ProvenAccount account, Word key) {
    return new RefusalException(
        PolicyStorageRefusal.STORAGE_VALUE,
        "storage "
            + key
            + " of "
            + account.address()
            + " is no truth value: "
            + account.storage(key));
  }

  private static RefusalException badText(String found) {
    return new RefusalException(
        PolicyStorageRefusal.STORAGE_TEXT, "the contract's storage has " + found);
  }
}
