package dstack.kms.chain.proof.trie;

import dstack.kms.core.bytes.Bytes;
import java.util.List;

/** One node. */
sealed interface TrieNode {
  /**
   * Goes on in up to sixteen ways.
   *
   * @param children one for each next step
   */
  record Branch(List<Child> children) implements TrieNode {
    public Branch {
      children = List.copyOf(children);
    }
  }

  /**
   * Several steps that all keys below share.
   *
   * @param path at least one step
   * @param child a branch
   */
  record Extension(Nibbles path, Child child) implements TrieNode {}

  /**
   * The end of one key.
   *
   * @param path the steps that are left of it
   * @param value never empty
   */
  record Leaf(Nibbles path, Bytes value) implements TrieNode {}
}
