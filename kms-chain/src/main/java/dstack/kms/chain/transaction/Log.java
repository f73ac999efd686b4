package dstack.kms.chain.transaction;

import dstack.kms.chain.account.Address;
import dstack.kms.chain.account.Word;
import dstack.kms.core.bytes.Bytes;
import java.util.List;

/**
 * One event in a receipt.
 *
 * @param address the contract that emitted it
 * @param topics the first is the event's
 * @param data what is not indexed
 */
public record Log(Address address, List<Word> topics, Bytes data) {
  /** Keeps a copy. */
  public Log {
    topics = List.copyOf(topics);
  }
}
