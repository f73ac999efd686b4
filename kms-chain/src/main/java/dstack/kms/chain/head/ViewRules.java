package dstack.kms.chain.head;

import dstack.kms.core.config.BlockChoice;
import dstack.kms.core.config.ChainConfig;
import java.time.Duration;

/**
 * What a view must fulfil.
 *
 * @param block where a grant must stand
 * @param quorum how many endpoints must know the same blocks
 * @param maxViewAge how long an endpoint may not have been heard of
 * @param maxHeadAge how old the newest block may be
 * @param maxLag how many blocks an endpoint may be behind
 */
record ViewRules(
    BlockChoice block, int quorum, Duration maxViewAge, Duration maxHeadAge, int maxLag) {
  static ViewRules of(ChainConfig config) {
    return new ViewRules(
        config.block(),
        config.quorum(),
        config.freshness().maxViewAge(),
        config.freshness().maxHeadAge(),
        config.freshness().maxLag());
  }
}
