package dstack.kms.chain.proof.trie;

import dstack.kms.chain.account.Word;
import dstack.kms.chain.proof.rlp.RlpDecoder;
import dstack.kms.chain.proof.rlp.RlpEncoder;
import dstack.kms.chain.proof.rlp.RlpItem;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.crypto.Keccak;
import dstack.kms.core.refusal.RefusalException;
import java.util.List;

/** The nodes of one proof, taken from the root downwards, each only as the one that is named. */
final class ProofNodes {
  /** A branch of 16 hashes has 532 bytes; a leaf with an account fewer. */
  static final int MAX_NODE_BYTES = 1024;

  /** One for every step of a key, the last leaf, and embedded nodes that are listed as well. */
  static final int MAX_NODES = 80;

  private static final int HASH = 32;

  private final List<Bytes> nodes;
  private int next;

  ProofNodes(List<Bytes> nodes) {
    boolean tooLarge = nodes.stream().anyMatch(node -> node.length() > MAX_NODE_BYTES);
    if (tooLarge || nodes.size() > MAX_NODES) {
      throw new RefusalException(
          TrieRefusal.TOO_LARGE,
          "a proof has at most "
              + MAX_NODES
              + " nodes of at most "
              + MAX_NODE_BYTES
              + " bytes each");
    }
    this.nodes = List.copyOf(nodes);
  }

  TrieNode root(Word hash) {
    return NodeDecoder.decode(RlpDecoder.decode(named(hash)));
  }

  TrieNode child(Child child) {
    return switch (child) {
      case Child.Hashed hashed -> below(hashed.hash());
      case Child.Embedded embedded -> embedded(embedded.node());
      case Child.Empty empty -> throw new IllegalStateException("there is no node below");
    };
  }

  private TrieNode below(Word hash) {
    Bytes encoded = named(hash);
    if (encoded.length() < HASH) {
      throw NodeDecoder.shape("a hash in place of a node that is shorter than it");
    }
    return NodeDecoder.decode(RlpDecoder.decode(encoded));
  }

  /** Some clients list an embedded node once more behind the one that holds it. */
  private TrieNode embedded(RlpItem node) {
    if (next < nodes.size() && nodes.get(next).equals(RlpEncoder.encode(node))) {
      next++;
    }
    return NodeDecoder.decode(node);
  }

  private Bytes named(Word hash) {
    if (next == nodes.size()) {
      throw new RefusalException(
          TrieRefusal.NODE_MISSING, "the proof has no node with hash " + hash);
    }
    Bytes node = nodes.get(next);
    if (!Keccak.keccak256(node).equals(hash.value())) {
      throw new RefusalException(
          TrieRefusal.NODE_HASH, "node " + next + " of the proof does not have hash " + hash);
    }
    next++;
    return node;
  }

  /** Refuses nodes that nobody asked for. */
  void requireAllUsed() {
    if (next != nodes.size()) {
      throw new RefusalException(
          TrieRefusal.NODE_EXTRA,
          "the proof has " + nodes.size() + " nodes; the way to the key has " + next);
    }
  }

  boolean areOnly(Bytes node) {
    return nodes.isEmpty() || nodes.equals(List.of(node));
  }

  int count() {
    return nodes.size();
  }
}
