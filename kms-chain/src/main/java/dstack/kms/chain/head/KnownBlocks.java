package dstack.kms.chain.head;

import dstack.kms.chain.rpc.BlockHeader;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The last 128 blocks that one endpoint named; immutable. What contradicts a newer word of it is
 * forgotten.
 */
final class KnownBlocks {
  static final KnownBlocks NONE = new KnownBlocks(Map.of());

  private static final int MOST = 128;

  /** The one that was named longest ago first, wherever it lies on the chain. */
  private final Map<Long, BlockHeader> blocks;

  private KnownBlocks(Map<Long, BlockHeader> blocks) {
    this.blocks = blocks;
  }

  Optional<BlockHeader> at(long number) {
    return Optional.ofNullable(blocks.get(number));
  }

  /** Whether it names another block at that height, or another parent of the one above. */
  boolean contradicts(BlockHeader header) {
    BlockHeader same = blocks.get(header.number());
    BlockHeader below = blocks.get(header.number() - 1);
    BlockHeader above = blocks.get(header.number() + 1);
    return (same != null && !same.equals(header))
        || (below != null && !below.hash().equals(header.parentHash()))
        || (above != null && !above.parentHash().equals(header.hash()));
  }

  /** The same with that block; nothing else is left if it contradicts what was known. */
  KnownBlocks with(BlockHeader header) {
    Map<Long, BlockHeader> more =
        contradicts(header) ? new LinkedHashMap<>() : new LinkedHashMap<>(blocks);
    more.remove(header.number());
    more.put(header.number(), header);
    if (more.size() > MOST) {
      more.remove(more.keySet().iterator().next());
    }
    return new KnownBlocks(more);
  }

  /** The same without what lies above that height. */
  KnownBlocks upTo(long number) {
    Map<Long, BlockHeader> less = new LinkedHashMap<>(blocks);
    less.keySet().removeIf(height -> height > number);
    return new KnownBlocks(less);
  }
}
