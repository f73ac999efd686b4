package dstack.kms.chain.head;

import dstack.kms.chain.rpc.BlockHeader;
import dstack.kms.chain.rpc.RpcClient;
import java.util.List;

/**
 * What a decision is made at.
 *
 * @param head the newest block: what is no longer allowed there is denied
 * @param chosen the block at which a grant must stand; the same as {@code head} or below it
 * @param endpoints those that know both blocks, in the configured order
 */
public record ChainView(BlockHeader head, BlockHeader chosen, List<RpcClient> endpoints) {
  /** Copies the list. */
  public ChainView {
    endpoints = List.copyOf(endpoints);
  }

  /** Whether grants are decided at the newest block. */
  public boolean isAtHead() {
    return head.equals(chosen);
  }

  /** Whether decisions at the other view are made at the same two blocks. */
  public boolean hasBlocksOf(ChainView other) {
    return head.hash().equals(other.head.hash()) && chosen.hash().equals(other.chosen.hash());
  }
}
