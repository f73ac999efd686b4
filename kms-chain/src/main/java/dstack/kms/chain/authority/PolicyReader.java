package dstack.kms.chain.authority;

import dstack.kms.chain.head.ChainView;
import dstack.kms.chain.policy.PolicyQuestion;
import dstack.kms.chain.rpc.Deadline;

/**
 * Finds out what the policy says at the two blocks of a view. There is one reader for each mode of
 * {@code core.auth_api.chain.mode}; {@link ChainAuthorities} chooses it.
 *
 * <p>A reader judges by the blocks of the view and no others: by their hashes, of which the board
 * has made sure that as many endpoints as must agree name the same header, state root included. It
 * asks no endpoint that the view does not name. Whatever it cannot be certain of it refuses; it
 * never makes a verdict of its own, remembers one, or combines the two blocks: that is the
 * authority's part. It may be called from many threads at once.
 */
@FunctionalInterface
public interface PolicyReader {
  /**
   * Reads.
   *
   * @param question of which every field has its width and none that matters is absent
   * @param view where
   * @param deadline after which nobody waits for it
   * @return the answers at the chosen block and at the newest; the same where these are one
   * @throws dstack.kms.core.refusal.RefusalException if the policy cannot be read with certainty
   */
  PolicyFinding read(PolicyQuestion question, ChainView view, Deadline deadline);
}
