package dstack.kms.chain.rpc;

import dstack.kms.chain.account.Address;
import dstack.kms.chain.account.Call;
import dstack.kms.chain.account.Word;
import dstack.kms.core.bytes.Bytes;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;

/** The questions that are asked about a chain, typed. */
public final class Eth {
  /** The year 9999: beyond it, a date is none. */
  private static final long LAST_SECOND = 253_402_300_799L;

  /** A policy's answers have a text of a kilobyte at most; errors may be longer. */
  private static final int LONGEST_CALL = 64 << 10;

  /**
   * Of one account or slot: fifteen full branches in hexadecimal; those of the largest public
   * chains have nine.
   */
  private static final int LONGEST_PROOF = 16 << 10;

  private Eth() {}

  /** The chain's number. */
  public static RpcQuery<Long> chainId() {
    return new RpcQuery<>("eth_chainId", List.of(), RpcValue::number);
  }

  /** A block's header; empty if the endpoint has no such block. */
  public static RpcQuery<Optional<BlockHeader>> block(BlockTag tag) {
    return new RpcQuery<>("eth_getBlockByNumber", List.of(tag.word(), false), Eth::header);
  }

  /** The header at that height; empty if the endpoint has no such block. */
  public static RpcQuery<Optional<BlockHeader>> block(long number) {
    Object height = new BlockAt.ByNumber(number).param();
    return new RpcQuery<>("eth_getBlockByNumber", List.of(height, false), Eth::header);
  }

  /** The header with that hash; empty if the endpoint has no such block. */
  public static RpcQuery<Optional<BlockHeader>> block(Word hash) {
    return new RpcQuery<>("eth_getBlockByHash", List.of(hash.text(), false), Eth::header);
  }

  /** A contract's code; empty where there is none. */
  public static RpcQuery<Bytes> code(Address address, BlockAt at) {
    return new RpcQuery<>("eth_getCode", List.of(address.lowerCase(), at.param()), RpcValue::data);
  }

  /** One storage slot of a contract. */
  public static RpcQuery<Word> storage(Address address, Word slot, BlockAt at) {
    List<Object> params = List.of(address.lowerCase(), slot.text(), at.param());
    return new RpcQuery<>("eth_getStorageAt", params, RpcValue::word);
  }

  /**
   * What a call of the policy returns, as if nobody in particular made it: 64 KiB at most.
   *
   * @param gas at most how much of it the call may burn
   */
  public static RpcQuery<Bytes> call(Call call, long gas, BlockAt at) {
    Map<String, Object> transaction = new LinkedHashMap<>();
    transaction.put("to", call.target().lowerCase());
    transaction.put("data", "0x" + call.data().hex());
    transaction.put("gas", "0x" + Long.toHexString(gas));
    if (call.value().signum() > 0) {
      transaction.put("value", "0x" + call.value().toString(16));
    }
    return new RpcQuery<>(
        "eth_call", List.of(transaction, at.param()), LONGEST_CALL, RpcValue::data);
  }

  /** The proofs of an account and of some of its slots; unverified. */
  public static RpcQuery<AccountProof> proof(Address address, List<Word> slots, BlockAt at) {
    return proof(address, slots, at, result -> proof(result, slots));
  }

  /** The same, read by another reader. */
  public static <T> RpcQuery<T> proof(
      Address address, List<Word> slots, BlockAt at, Function<JsonNode, T> reader) {
    List<String> keys = slots.stream().map(Word::text).toList();
    return new RpcQuery<>(
        "eth_getProof",
        List.of(address.lowerCase(), keys, at.param()),
        LONGEST_PROOF * (1 + slots.size()),
        reader);
  }

  private static Optional<BlockHeader> header(JsonNode result) {
    if (result.isNull()) {
      return Optional.empty();
    }
    long seconds = RpcValue.number(RpcValue.member(result, "timestamp"));
    if (seconds > LAST_SECOND) {
      throw RpcValue.wrong("a time before the year 10000");
    }
    return Optional.of(
        new BlockHeader(
            RpcValue.number(RpcValue.member(result, "number")),
            RpcValue.word(RpcValue.member(result, "hash")),
            RpcValue.word(RpcValue.member(result, "parentHash")),
            RpcValue.word(RpcValue.member(result, "stateRoot")),
            Instant.ofEpochSecond(seconds)));
  }

  private static AccountProof proof(JsonNode result, List<Word> asked) {
    List<Bytes> nodes = RpcValue.list(RpcValue.member(result, "accountProof"), RpcValue::data);
    List<AccountProof.Slot> slots =
        RpcValue.list(RpcValue.member(result, "storageProof"), Eth::slot);
    if (!slots.stream().map(AccountProof.Slot::key).toList().equals(asked)) {
      throw RpcValue.wrong("one storage proof for each slot that was asked, in that order");
    }
    return new AccountProof(nodes, slots);
  }

  private static AccountProof.Slot slot(JsonNode slot) {
    return new AccountProof.Slot(
        RpcValue.shortWord(RpcValue.member(slot, "key")),
        RpcValue.shortWord(RpcValue.member(slot, "value")),
        RpcValue.list(RpcValue.member(slot, "proof"), RpcValue::data));
  }
}
