package dstack.kms.chain.endpoint;

import dstack.kms.chain.account.Address;
import dstack.kms.chain.rpc.BlockAt;
import dstack.kms.chain.rpc.RpcQuery;
import dstack.kms.chain.rpc.RpcValue;
import dstack.kms.core.bytes.Bytes;
import java.math.BigInteger;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The questions that only those who send transactions ask. */
final class EthAccount {
  private EthAccount() {}

  static RpcQuery<Long> head() {
    return new RpcQuery<>("eth_blockNumber", List.of(), RpcValue::number);
  }

  static RpcQuery<BigInteger> balance(Address account) {
    return new RpcQuery<>(
        "eth_getBalance", List.of(account.lowerCase(), "latest"), RpcValue::quantity);
  }

  static RpcQuery<Long> nonce(Address account, String block) {
    return new RpcQuery<>(
        "eth_getTransactionCount", List.of(account.lowerCase(), block), RpcValue::number);
  }

  static RpcQuery<Bytes> call(
      Optional<Address> from, Optional<Address> to, BigInteger value, Bytes data, BlockAt block) {
    return new RpcQuery<>(
        "eth_call", List.of(transaction(from, to, value, data), block.param()), RpcValue::data);
  }

  static Map<String, Object> transaction(
      Optional<Address> from, Optional<Address> to, BigInteger value, Bytes data) {
    Map<String, Object> transaction = new LinkedHashMap<>();
    from.ifPresent(account -> transaction.put("from", account.lowerCase()));
    to.ifPresent(account -> transaction.put("to", account.lowerCase()));
    transaction.put("data", "0x" + data.hex());
    if (value.signum() > 0) {
      transaction.put("value", "0x" + value.toString(16));
    }
    return transaction;
  }
}
