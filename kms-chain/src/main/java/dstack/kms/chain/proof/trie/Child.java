package dstack.kms.chain.proof.trie;

import dstack.kms.chain.account.Word;
import dstack.kms.chain.proof.rlp.RlpItem;

/** What a node says about the node below it. */
sealed interface Child {
  /** There is none. */
  record Empty() implements Child {}

  /**
   * It has this hash.
   *
   * @param hash Keccak-256 of the node's encoding
   */
  record Hashed(Word hash) implements Child {}

  /**
   * It stands here itself, as it is shorter than a hash.
   *
   * @param node at most 31 bytes when encoded
   */
  record Embedded(RlpItem node) implements Child {}
}
