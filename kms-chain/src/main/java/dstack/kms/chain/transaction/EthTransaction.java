package dstack.kms.chain.transaction;

import dstack.kms.chain.account.Address;
import dstack.kms.chain.account.Word;
import dstack.kms.chain.rpc.RpcQuery;
import dstack.kms.chain.rpc.RpcValue;
import dstack.kms.chain.signing.Fees;
import dstack.kms.core.bytes.Bytes;
import java.math.BigInteger;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** The questions that are asked about transactions. */
final class EthTransaction {
  private EthTransaction() {}

  /** Sends the signed bytes; the endpoint answers with their hash. */
  static RpcQuery<Word> send(Bytes raw) {
    return new RpcQuery<>("eth_sendRawTransaction", List.of("0x" + raw.hex()), RpcValue::word);
  }

  /** How much gas it would burn. */
  static RpcQuery<Long> gas(Address from, Request request) {
    Map<String, Object> transaction = new LinkedHashMap<>();
    transaction.put("from", from.lowerCase());
    request.to().ifPresent(to -> transaction.put("to", to.lowerCase()));
    transaction.put("data", "0x" + request.data().hex());
    transaction.put("value", "0x" + request.value().toString(16));
    return new RpcQuery<>("eth_estimateGas", List.of(transaction), RpcValue::number);
  }

  /** What one unit of gas costs on a chain without a base fee. */
  static RpcQuery<BigInteger> gasPrice() {
    return new RpcQuery<>("eth_gasPrice", List.of(), RpcValue::quantity);
  }

  /** Base fees and tips of the last blocks. */
  static RpcQuery<FeeHistory> feeHistory() {
    return new RpcQuery<>(
        "eth_feeHistory", List.of("0x5", "latest", List.of(50)), FeeHistory::read);
  }

  /** What a block says about it; empty as long as none has it. */
  static RpcQuery<Optional<Receipt>> receipt(Word hash) {
    return new RpcQuery<>(
        "eth_getTransactionReceipt",
        List.of(hash.text()),
        result -> result.isNull() ? Optional.empty() : Optional.of(receipt(hash, result)));
  }

  private static Receipt receipt(Word hash, JsonNode result) {
    if (!RpcValue.word(RpcValue.member(result, "transactionHash")).equals(hash)) {
      throw RpcValue.wrong("the receipt of the transaction that was asked about");
    }
    JsonNode contract = result.path("contractAddress");
    JsonNode price = result.path("effectiveGasPrice");
    return new Receipt(
        hash,
        RpcValue.number(RpcValue.member(result, "blockNumber")),
        RpcValue.word(RpcValue.member(result, "blockHash")),
        RpcValue.number(RpcValue.member(result, "status")) == 1,
        RpcValue.number(RpcValue.member(result, "gasUsed")),
        price.isString() ? RpcValue.quantity(price) : BigInteger.ZERO,
        contract.isString() ? Optional.of(address(contract)) : Optional.empty(),
        RpcValue.list(RpcValue.member(result, "logs"), EthTransaction::log));
  }

  private static Log log(JsonNode log) {
    return new Log(
        address(RpcValue.member(log, "address")),
        RpcValue.list(RpcValue.member(log, "topics"), RpcValue::word),
        RpcValue.data(RpcValue.member(log, "data")));
  }

  /** The transaction itself; empty if the endpoint does not know it. */
  static RpcQuery<Optional<KnownTransaction>> transaction(Word hash) {
    return new RpcQuery<>(
        "eth_getTransactionByHash",
        List.of(hash.text()),
        result -> result.isNull() ? Optional.empty() : Optional.of(transaction(hash, result)));
  }

  private static KnownTransaction transaction(Word hash, JsonNode result) {
    if (!RpcValue.word(RpcValue.member(result, "hash")).equals(hash)) {
      throw RpcValue.wrong("the transaction that was asked about");
    }
    JsonNode to = result.path("to");
    return new KnownTransaction(
        hash,
        address(RpcValue.member(result, "from")),
        RpcValue.number(RpcValue.member(result, "nonce")),
        fees(result),
        new Request(
            to.isString() ? Optional.of(address(to)) : Optional.empty(),
            RpcValue.quantity(RpcValue.member(result, "value")),
            RpcValue.data(RpcValue.member(result, "input"))));
  }

  private static Fees fees(JsonNode result) {
    return result.hasNonNull("maxFeePerGas")
        ? new Fees.Dynamic(
            RpcValue.quantity(RpcValue.member(result, "maxPriorityFeePerGas")),
            RpcValue.quantity(RpcValue.member(result, "maxFeePerGas")))
        : new Fees.Legacy(RpcValue.quantity(RpcValue.member(result, "gasPrice")));
  }

  private static Address address(JsonNode value) {
    Bytes bytes = RpcValue.data(value);
    if (bytes.length() != 20) {
      throw RpcValue.wrong("an address of 20 bytes");
    }
    return new Address(bytes);
  }
}
