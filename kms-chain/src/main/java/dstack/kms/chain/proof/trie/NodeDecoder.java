package dstack.kms.chain.proof.trie;

import dstack.kms.chain.account.Word;
import dstack.kms.chain.proof.rlp.RlpEncoder;
import dstack.kms.chain.proof.rlp.RlpItem;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;
import java.util.List;

/**
 * Takes a node's encoding apart and refuses what no client would have stored.
 *
 * <p>A branch has no value of its own, as no key ends above another one: all have 32 bytes.
 */
final class NodeDecoder {
  private static final int WAYS = 16;
  private static final int HASH = 32;

  private NodeDecoder() {}

  static TrieNode decode(RlpItem node) {
    List<RlpItem> items = node.items();
    return switch (items.size()) {
      case WAYS + 1 -> branch(items);
      case 2 -> shortNode(items.getFirst().content(), items.getLast());
      default -> throw shape("a node has 17 or 2 parts, not " + items.size());
    };
  }

  private static TrieNode branch(List<RlpItem> items) {
    if (!items.getLast().content().isEmpty()) {
      throw shape("a branch with a value");
    }
    List<Child> children = items.subList(0, WAYS).stream().map(NodeDecoder::child).toList();
    if (children.stream().filter(child -> !(child instanceof Child.Empty)).count() < 2) {
      throw shape("a branch with fewer than two ways");
    }
    return new TrieNode.Branch(children);
  }

  /**
   * The high half of the first byte says which of the two it is and whether the low half counts.
   */
  private static TrieNode shortNode(Bytes encodedPath, RlpItem second) {
    if (encodedPath.isEmpty()) {
      throw shape("a path without its first byte");
    }
    Nibbles nibbles = Nibbles.of(encodedPath);
    int flags = nibbles.first();
    boolean odd = (flags & 1) == 1;
    if (flags > 3 || (!odd && nibbles.after(1).first() != 0)) {
      throw shape("a path that begins with " + encodedPath.slice(0, 1).hex());
    }
    Nibbles path = nibbles.after(odd ? 1 : 2);
    return flags >= 2 ? leaf(path, second.content()) : extension(path, child(second));
  }

  private static TrieNode leaf(Nibbles path, Bytes value) {
    if (value.isEmpty()) {
      throw shape("a leaf without a value");
    }
    return new TrieNode.Leaf(path, value);
  }

  private static TrieNode extension(Nibbles path, Child child) {
    if (path.isEmpty() || child instanceof Child.Empty) {
      throw shape("an extension that leads nowhere");
    }
    return new TrieNode.Extension(path, child);
  }

  private static Child child(RlpItem item) {
    return switch (item) {
      case RlpItem.Text text when text.content().isEmpty() -> new Child.Empty();
      case RlpItem.Text text when text.content().length() == HASH ->
          new Child.Hashed(new Word(text.content()));
      case RlpItem.Text text -> throw shape("a reference of " + text.content().length() + " bytes");
      case RlpItem.Listed list when RlpEncoder.encode(list).length() < HASH ->
          new Child.Embedded(list);
      case RlpItem.Listed list -> throw shape("an embedded node of 32 bytes or more");
    };
  }

  static RefusalException shape(String found) {
    return new RefusalException(
        TrieRefusal.NODE_SHAPE, "the proof has a node that no trie of hashed keys has: " + found);
  }
}
