package dstack.kms.chain.proof.policy;

import dstack.kms.chain.account.Word;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.crypto.Keccak;
import java.math.BigInteger;

/** Where a Solidity contract keeps its variables (specification 20 §6). */
final class Slots {
  /** The implementation behind a proxy (ERC-1967). */
  static final Word IMPLEMENTATION =
      Word.parse("0x360894a13ba1a3210667c828492db98dca3e2076cc3735a920a3ca505d382bbc");

  private Slots() {}

  /** The variable of that number. */
  static Word at(int slot) {
    return Word.of(BigInteger.valueOf(slot));
  }

  /** The entry of the mapping of that number. */
  static Word entry(Word key, int slot) {
    return new Word(Keccak.keccak256(key.value(), at(slot).value()));
  }

  /** The word of that index of the long text of that number; wraps like the chain's machine. */
  static Word data(int slot, int index) {
    Bytes start = Keccak.keccak256(at(slot).value());
    BigInteger place = new BigInteger(1, start.toArray()).add(BigInteger.valueOf(index));
    return Word.of(place.mod(BigInteger.TWO.pow(256)));
  }
}
