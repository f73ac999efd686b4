package dstack.kms.chain.signing;

import dstack.kms.chain.account.Address;
import dstack.kms.chain.rpc.Deadline;
import dstack.kms.chain.rpc.RpcAnswer;
import dstack.kms.chain.rpc.RpcClient;
import dstack.kms.chain.rpc.RpcError;
import dstack.kms.chain.rpc.RpcQuery;
import dstack.kms.chain.rpc.RpcValue;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;
import java.math.BigInteger;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** A signer outside that speaks {@code eth_signTransaction}. It is not trusted. */
public final class JsonRpcSigner implements TransactionSigner {
  /** Time for a person to press a button. */
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final RpcClient client;
  private final Address account;

  private JsonRpcSigner(RpcClient client, Address account) {
    this.client = client;
    this.account = account;
  }

  /**
   * Signs for one of its accounts: for that, or for the only one that it has.
   *
   * @param client closed with the signer
   */
  public static JsonRpcSigner of(RpcClient client, Optional<Address> account) {
    List<Address> accounts =
        ask(client, new RpcQuery<>("eth_accounts", List.of(), JsonRpcSigner::accounts));
    Address chosen =
        account.orElseGet(
            () -> {
              if (accounts.size() != 1) {
                throw SigningRefusal.SIGNER.because(
                    "the signer has " + accounts.size() + " accounts: choose one with --from");
              }
              return accounts.getFirst();
            });
    if (!accounts.contains(chosen)) {
      throw SigningRefusal.SIGNER.because("the signer does not have the account " + chosen);
    }
    return new JsonRpcSigner(client, chosen);
  }

  private static List<Address> accounts(JsonNode result) {
    return RpcValue.list(result, each -> new Address(RpcValue.data(each)));
  }

  @Override
  public Address account() {
    return account;
  }

  @Override
  public SignedTransaction sign(UnsignedTransaction transaction) {
    Bytes raw =
        ask(
            client,
            new RpcQuery<>(
                "eth_signTransaction", List.of(request(transaction)), JsonRpcSigner::raw));
    return new ReturnedTransaction(transaction).check(raw, account);
  }

  /** Some return the bytes, some an object that has them. */
  private static Bytes raw(JsonNode result) {
    return RpcValue.data(result.isObject() ? RpcValue.member(result, "raw") : result);
  }

  private Map<String, Object> request(UnsignedTransaction transaction) {
    Map<String, Object> request = new LinkedHashMap<>();
    request.put("from", account.lowerCase());
    transaction.to().ifPresent(to -> request.put("to", to.lowerCase()));
    request.put("nonce", quantity(transaction.nonce()));
    request.put("gas", quantity(transaction.gas()));
    request.put("value", quantity(transaction.value()));
    request.put("data", "0x" + transaction.data().hex());
    request.put("chainId", quantity(transaction.chainId()));
    switch (transaction.fees()) {
      case Fees.Dynamic(BigInteger tip, BigInteger most) -> {
        request.put("type", "0x2");
        request.put("maxPriorityFeePerGas", quantity(tip));
        request.put("maxFeePerGas", quantity(most));
      }
      case Fees.Legacy(BigInteger most) -> request.put("gasPrice", quantity(most));
    }
    return request;
  }

  private static String quantity(long number) {
    return "0x" + Long.toHexString(number);
  }

  private static String quantity(BigInteger number) {
    return "0x" + number.toString(16);
  }

  private static <T> T ask(RpcClient client, RpcQuery<T> query) {
    RpcAnswer<T> answer;
    try {
      answer = client.exchange(query, Deadline.in(PATIENCE)).of(query);
    } catch (RefusalException e) {
      throw RefusalException.causedBy(
          SigningRefusal.UNREACHABLE, "the signer did not answer: " + e.text(), e);
    }
    return switch (answer) {
      case RpcAnswer.Result<T>(T value) -> value;
      case RpcAnswer.Failure<T>(RpcError error) ->
          throw SigningRefusal.SIGNER.because(
              "the signer answered " + query.method() + " with " + error);
    };
  }

  @Override
  public void close() {
    client.close();
  }
}
