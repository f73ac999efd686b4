package dstack.kms.chain.head;

import dstack.kms.chain.rpc.BlockHeader;
import dstack.kms.chain.rpc.RpcClient;
import dstack.kms.core.refusal.RefusalException;
import java.util.Optional;

/**
 * One endpoint as it was seen last; immutable.
 *
 * @param client asks it
 * @param trouble why it may not be asked now, if it may not
 * @param head the newest block it named
 * @param tagged the block it named for the tag that grants wait for, if they wait for one
 * @param known what it named lately
 * @param seen when it answered last, on the monotonic clock
 */
record Sighting(
    RpcClient client,
    Optional<RefusalException> trouble,
    Optional<BlockHeader> head,
    Optional<BlockHeader> tagged,
    KnownBlocks known,
    long seen) {
  static Sighting none(RpcClient client, long now) {
    RefusalException first =
        new RefusalException(HeadRefusal.NOT_READY, client.endpoint() + " was not heard of yet");
    return new Sighting(
        client, Optional.of(first), Optional.empty(), Optional.empty(), KnownBlocks.NONE, now);
  }

  /** The same in trouble. */
  Sighting failed(RefusalException why) {
    return new Sighting(client, Optional.of(why), head, tagged, known, seen);
  }

  long headNumber() {
    return head.map(BlockHeader::number).orElse(-1L);
  }
}
