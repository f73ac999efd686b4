package dstack.kms.chain.rpc;

import dstack.kms.chain.account.Word;
import dstack.kms.core.authority.BlockRef;
import java.time.Instant;

/**
 * What an endpoint says a block is; the hash is not recomputed.
 *
 * @param number the height
 * @param hash its own hash
 * @param parentHash the hash of the block below
 * @param stateRoot the root of all accounts after it
 * @param timestamp when it was made, by its maker's clock
 */
public record BlockHeader(
    long number, Word hash, Word parentHash, Word stateRoot, Instant timestamp) {
  /** Number and hash. */
  public BlockRef ref() {
    return new BlockRef(number, hash.value());
  }
}
