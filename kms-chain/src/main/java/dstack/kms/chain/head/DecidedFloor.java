package dstack.kms.chain.head;

import dstack.kms.chain.rpc.BlockHeader;

/**
 * The height of the newest block at which a decision was made; no view below it is given out.
 *
 * <p>What a quorum agreed on binds for good. Where one endpoint is believed alone, its word binds
 * only as far as a chain can have grown since a block that is fresh: else one wrong height would
 * keep every endpoint from being believed until the server is started again.
 *
 * @param height 0 before the first decision
 * @param reach how far above a fresh block the height is believed
 */
record DecidedFloor(long height, long reach) {
  /** Faster chains than this are not used for policies; Arbitrum makes as many. */
  private static final long BLOCKS_A_SECOND = 4;

  /** No decision was made yet. */
  static DecidedFloor of(ViewRules rules) {
    long growth = BLOCKS_A_SECOND * rules.maxHeadAge().toSeconds() + rules.maxLag();
    return new DecidedFloor(0, rules.quorum() == 1 ? growth : Long.MAX_VALUE);
  }

  /** Whether a decision may be made at that block, which must be fresh. */
  boolean admits(BlockHeader head) {
    long below = height - head.number();
    return below <= 0 || below > reach;
  }

  /** After a decision at that block, which was admitted. */
  DecidedFloor raisedBy(BlockHeader head) {
    return height - head.number() > reach || head.number() > height
        ? new DecidedFloor(head.number(), reach)
        : this;
  }
}
