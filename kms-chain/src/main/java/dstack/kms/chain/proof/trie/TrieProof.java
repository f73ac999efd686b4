package dstack.kms.chain.proof.trie;

import dstack.kms.chain.account.Word;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.crypto.Keccak;
import dstack.kms.core.refusal.RefusalException;
import java.util.List;
import java.util.Optional;

/**
 * What stands under one key of a trie, as its root's hash proves it.
 *
 * <p>Every node is the one that the node above it names, every node is used, and the walk ends at
 * the key's leaf or at the place where another key's way or nothing is: only then is the key
 * absent. Anything else is refused with a {@link TrieRefusal} or as malformed encoding.
 */
public final class TrieProof {
  /** The root of a trie without keys. */
  public static final Word EMPTY_ROOT = new Word(Keccak.keccak256(Bytes.fromHex("80")));

  private static final Bytes EMPTY_NODE = Bytes.fromHex("80");

  private final ProofNodes nodes;

  private TrieProof(ProofNodes nodes) {
    this.nodes = nodes;
  }

  /**
   * The value, or empty if the proof shows that there is none.
   *
   * @param root the hash of the trie's root
   * @param key already hashed
   * @param nodes encoded, from the root downwards
   */
  public static Optional<Bytes> value(Word root, Word key, List<Bytes> nodes) {
    ProofNodes given = new ProofNodes(nodes);
    if (root.equals(EMPTY_ROOT)) {
      return nothing(given);
    }
    Optional<Bytes> found = new TrieProof(given).find(given.root(root), Nibbles.of(key.value()));
    given.requireAllUsed();
    return found;
  }

  /** Clients show an empty trie by no node at all or by the empty one. */
  private static Optional<Bytes> nothing(ProofNodes given) {
    if (!given.areOnly(EMPTY_NODE)) {
      throw new RefusalException(
          TrieRefusal.NODE_EXTRA, "the trie is empty; the proof has " + given.count() + " nodes");
    }
    return Optional.empty();
  }

  private Optional<Bytes> find(TrieNode node, Nibbles left) {
    return switch (node) {
      case TrieNode.Leaf leaf -> at(leaf, left);
      case TrieNode.Extension extension -> along(extension, left);
      case TrieNode.Branch branch -> into(branch, left);
    };
  }

  private static Optional<Bytes> at(TrieNode.Leaf leaf, Nibbles left) {
    requireLength(leaf.path().length() == left.length());
    return leaf.path().equals(left) ? Optional.of(leaf.value()) : Optional.empty();
  }

  private Optional<Bytes> along(TrieNode.Extension extension, Nibbles left) {
    requireLength(extension.path().length() < left.length());
    if (!left.startsWith(extension.path())) {
      return Optional.empty();
    }
    if (nodes.child(extension.child()) instanceof TrieNode.Branch branch) {
      return into(branch, left.after(extension.path().length()));
    }
    throw NodeDecoder.shape("an extension before something that is no branch");
  }

  private Optional<Bytes> into(TrieNode.Branch branch, Nibbles left) {
    requireLength(!left.isEmpty());
    Child child = branch.children().get(left.first());
    return child instanceof Child.Empty
        ? Optional.empty()
        : find(nodes.child(child), left.after(1));
  }

  private static void requireLength(boolean fits) {
    if (!fits) {
      throw NodeDecoder.shape("one whose path does not fit a key of 32 bytes");
    }
  }
}
