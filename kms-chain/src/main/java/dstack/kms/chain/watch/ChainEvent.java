package dstack.kms.chain.watch;

import dstack.kms.chain.account.Address;
import dstack.kms.chain.account.Word;
import dstack.kms.core.bytes.Bytes;
import java.util.List;

/**
 * One event and where it stands in the chain.
 *
 * @param block the block's number
 * @param blockHash the block's hash
 * @param transaction the hash of the transaction that caused it
 * @param index its place among the block's events
 * @param contract who emitted it
 * @param topics the first is the event's; none of an anonymous one
 * @param data what is not indexed
 */
public record ChainEvent(
    long block,
    Word blockHash,
    Word transaction,
    long index,
    Address contract,
    List<Word> topics,
    Bytes data) {
  /** Keeps a copy. */
  public ChainEvent {
    topics = List.copyOf(topics);
  }
}
