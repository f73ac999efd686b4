package dstack.kms.chain.head;

import dstack.kms.chain.rpc.BlockHeader;
import dstack.kms.chain.rpc.BlockTag;
import dstack.kms.chain.rpc.Deadline;
import dstack.kms.chain.rpc.Eth;
import dstack.kms.chain.rpc.RpcAnswers;
import dstack.kms.chain.rpc.RpcClient;
import dstack.kms.chain.rpc.RpcQuery;
import dstack.kms.core.config.BlockChoice;
import dstack.kms.core.refusal.RefusalException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** One look at an endpoint's newest blocks, in one exchange. */
final class EndpointLook {
  private final ContractCheck contract;
  private final Optional<BlockTag> tag;

  EndpointLook(ContractCheck contract, BlockChoice block) {
    this.contract = contract;
    tag =
        switch (block.kind()) {
          case LATEST, DEPTH -> Optional.empty();
          case SAFE -> Optional.of(BlockTag.SAFE);
          case FINALIZED -> Optional.of(BlockTag.FINALIZED);
        };
  }

  /** What a look found. */
  record Seen(Sighting sighting, boolean tookBack) {}

  /**
   * Looks.
   *
   * @param wanted heights whose blocks are needed as well
   */
  Seen look(Sighting before, List<Long> wanted, Deadline deadline) {
    RpcClient client = before.client();
    RpcQuery<Long> chainId = Eth.chainId();
    RpcQuery<Optional<BlockHeader>> newest = Eth.block(BlockTag.LATEST);
    Optional<RpcQuery<Optional<BlockHeader>>> tagged = tag.map(Eth::block);
    List<RpcQuery<Optional<BlockHeader>>> more = wanted.stream().map(Eth::block).toList();
    List<RpcQuery<?>> all = new ArrayList<>(List.of(chainId, newest));
    tagged.ifPresent(all::add);
    all.addAll(more);
    long asked = System.nanoTime();
    RpcAnswers answers = client.exchange(all, deadline);

    contract.requireChain(client, answers.value(chainId));
    BlockHeader head = answers.value(newest).orElseThrow(() -> catchingUp(client));
    Optional<BlockHeader> found = tagged.flatMap(answers::value);
    KnownBlocks known = before.known().upTo(head.number());
    boolean tookBack = known.contradicts(head);
    for (RpcQuery<Optional<BlockHeader>> query : more) {
      known = answers.value(query).map(known::with).orElse(known);
    }
    if (found.isPresent()) {
      known = known.with(found.get());
    }
    return new Seen(
        new Sighting(client, Optional.empty(), Optional.of(head), found, known.with(head), asked),
        tookBack);
  }

  private static RefusalException catchingUp(RpcClient client) {
    return new RefusalException(
        HeadRefusal.NOT_READY,
        client.endpoint() + " has no newest block: a light client that is still catching up");
  }
}
