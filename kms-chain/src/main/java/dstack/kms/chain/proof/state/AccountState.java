package dstack.kms.chain.proof.state;

import dstack.kms.chain.account.Word;
import dstack.kms.chain.proof.rlp.RlpDecoder;
import dstack.kms.chain.proof.rlp.RlpItem;
import dstack.kms.chain.proof.trie.TrieProof;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.crypto.Keccak;
import dstack.kms.core.refusal.RefusalException;
import java.math.BigInteger;
import java.util.List;

/**
 * One account as the trie of accounts holds it.
 *
 * @param nonce how many transactions, or contracts made
 * @param balance in wei
 * @param storageRoot of its own trie
 * @param codeHash Keccak-256 of its code
 */
public record AccountState(BigInteger nonce, BigInteger balance, Word storageRoot, Word codeHash) {
  /** The hash of no code. */
  static final Word NO_CODE = new Word(Keccak.keccak256(Bytes.EMPTY));

  /** An account that does not exist: it reads as one without anything. */
  static final AccountState NONE =
      new AccountState(BigInteger.ZERO, BigInteger.ZERO, TrieProof.EMPTY_ROOT, NO_CODE);

  static AccountState decode(Bytes value) {
    List<RlpItem> parts = RlpDecoder.decode(value).items();
    if (parts.size() != 4) {
      throw shape("an account has 4 parts, not " + parts.size());
    }
    return new AccountState(
        parts.get(0).number(),
        parts.get(1).number(),
        hash(parts.get(2).content()),
        hash(parts.get(3).content()));
  }

  private static Word hash(Bytes content) {
    if (content.length() != 32) {
      throw shape("a hash of " + content.length() + " bytes");
    }
    return new Word(content);
  }

  private static RefusalException shape(String why) {
    return new RefusalException(
        StateRefusal.ACCOUNT_SHAPE, "what stands in the trie is no account: " + why);
  }
}
