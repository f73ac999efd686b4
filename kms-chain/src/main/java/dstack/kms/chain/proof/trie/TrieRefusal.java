package dstack.kms.chain.proof.trie;

import dstack.kms.core.refusal.RefusalCode;
import dstack.kms.core.refusal.RefusalKind;

/** Why nodes do not prove what stands under a key. */
public enum TrieRefusal implements RefusalCode {
  /** The proof ends before the key does. */
  NODE_MISSING("proof-node-missing"),
  /** A node is not the one that the node above it names. */
  NODE_HASH("proof-node-hash"),
  /** There are nodes that the way to the key does not touch. */
  NODE_EXTRA("proof-node-extra"),
  /** Bytes that are no node of such a trie, whatever their hash. */
  NODE_SHAPE("proof-node-shape"),
  /** More or larger nodes than any way to a key can have. */
  TOO_LARGE("proof-too-large");

  private final String code;

  TrieRefusal(String code) {
    this.code = code;
  }

  @Override
  public String code() {
    return code;
  }

  @Override
  public RefusalKind kind() {
    return RefusalKind.REFUSED;
  }
}
