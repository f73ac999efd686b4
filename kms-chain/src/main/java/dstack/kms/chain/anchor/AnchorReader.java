package dstack.kms.chain.anchor;

import dstack.kms.chain.account.Address;
import dstack.kms.chain.account.Word;
import dstack.kms.chain.endpoint.Endpoint;
import dstack.kms.chain.rpc.BlockHeader;
import dstack.kms.chain.rpc.Eth;
import dstack.kms.chain.rpc.RpcQuery;
import dstack.kms.chain.rpc.RpcValue;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** Reads anchors from the chain. */
public final class AnchorReader {
  private final Endpoint endpoint;

  /** Asks this endpoint. */
  public AnchorReader(Endpoint endpoint) {
    this.endpoint = endpoint;
  }

  /**
   * An anchor that is part of the chain.
   *
   * @param anchor what it says
   * @param by who made it
   * @param block in which block
   * @param at the block's time: the log had this line then at the latest
   * @param confirmations how many blocks deep it is, its own included
   */
  public record Found(AuditAnchor anchor, Address by, long block, Instant at, long confirmations) {}

  private record Mined(Word blockHash, long block, Address from, Bytes input) {}

  /** The anchor in that transaction; refused unless it is mined and its block still stands. */
  public Found read(Word transaction) {
    Mined mined =
        endpoint
            .ask(
                new RpcQuery<>(
                    "eth_getTransactionByHash",
                    List.of(transaction.text()),
                    result -> mined(result, transaction)))
            .orElseThrow(() -> missing(transaction));
    BlockHeader header =
        endpoint
            .ask(Eth.block(mined.block()))
            .filter(block -> block.hash().equals(mined.blockHash()))
            .orElseThrow(() -> missing(transaction));
    requireSuccess(transaction);
    return new Found(
        AuditAnchor.parse(mined.input()),
        mined.from(),
        mined.block(),
        header.timestamp(),
        endpoint.head() - mined.block() + 1);
  }

  private void requireSuccess(Word transaction) {
    boolean succeeded =
        endpoint.ask(
            new RpcQuery<>(
                "eth_getTransactionReceipt",
                List.of(transaction.text()),
                result ->
                    !result.isNull() && RpcValue.number(RpcValue.member(result, "status")) == 1));
    if (!succeeded) {
      throw missing(transaction);
    }
  }

  private static Optional<Mined> mined(JsonNode result, Word asked) {
    if (result.isNull() || result.path("blockHash").isNull()) {
      return Optional.empty();
    }
    if (!RpcValue.word(RpcValue.member(result, "hash")).equals(asked)) {
      throw RpcValue.wrong("the transaction that was asked for");
    }
    return Optional.of(
        new Mined(
            RpcValue.word(RpcValue.member(result, "blockHash")),
            RpcValue.number(RpcValue.member(result, "blockNumber")),
            new Address(RpcValue.data(RpcValue.member(result, "from"))),
            RpcValue.data(RpcValue.member(result, "input"))));
  }

  private static RefusalException missing(Word transaction) {
    return AnchorRefusal.MISSING.because(
        "no transaction " + transaction + " took effect on this chain");
  }
}
