package dstack.kms.chain.governance;

import dstack.kms.chain.account.Word;

/**
 * A hash that an allow-list may hold (specification 22 §9).
 *
 * @param word 32 bytes, neither zero nor the hash of nothing
 */
public record PolicyHash(Word word) {
  private static final Word OF_NOTHING =
      Word.parse("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");

  /** Refuses values that stand for absent ones: they would admit whoever has none. */
  public PolicyHash {
    if (word.isZero()) {
      throw GovernanceRefusal.VALUE.because(
          "zero is what an absent value looks like to the contract: allowing it would allow"
              + " everything without one");
    }
    if (word.equals(OF_NOTHING)) {
      throw GovernanceRefusal.VALUE.because(
          word
              + " is the SHA-256 of nothing, which tools show where there is no real id: get the"
              + " value from the running machine");
    }
  }

  /** The hash in a text: 64 hexadecimal digits after an optional {@code 0x}. */
  public static PolicyHash parse(String text) {
    return new PolicyHash(Word.parse(text));
  }
}
