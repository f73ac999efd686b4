package dstack.kms.chain.rpc;

import dstack.kms.chain.account.Word;
import dstack.kms.core.bytes.Bytes;
import java.util.List;

/**
 * What {@code eth_getProof} answered; nothing in it is verified.
 *
 * @param nodes the nodes of the state trie from the root down, each RLP
 * @param slots one for each key that was asked, in that order
 */
public record AccountProof(List<Bytes> nodes, List<Slot> slots) {
  /** Copies both lists. */
  public AccountProof {
    nodes = List.copyOf(nodes);
    slots = List.copyOf(slots);
  }

  /**
   * One storage slot.
   *
   * @param key the slot that the endpoint says it is
   * @param value the value that the endpoint says it has
   * @param nodes the nodes of the storage trie from the root down, each RLP
   */
  public record Slot(Word key, Word value, List<Bytes> nodes) {
    /** Copies the list. */
    public Slot {
      nodes = List.copyOf(nodes);
    }
  }
}
