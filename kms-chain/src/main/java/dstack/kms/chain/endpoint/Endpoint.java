package dstack.kms.chain.endpoint;

import dstack.kms.chain.account.Address;
import dstack.kms.chain.account.Call;
import dstack.kms.chain.account.Word;
import dstack.kms.core.bytes.Bytes;
import java.io.IOException;
import java.math.BigInteger;
import java.util.Optional;
import org.web3j.protocol.Web3j;
import org.web3j.protocol.core.DefaultBlockParameter;
import org.web3j.protocol.core.DefaultBlockParameterName;
import org.web3j.protocol.core.Request;
import org.web3j.protocol.core.Response;
import org.web3j.protocol.core.methods.request.Transaction;
import org.web3j.protocol.core.methods.response.EthCall;
import org.web3j.utils.Numeric;

/** Reads of a chain, at its head or at a given block. */
public final class Endpoint {
  private final Web3j web3j;

  /** An endpoint behind this client. */
  public Endpoint(Web3j web3j) {
    this.web3j = web3j;
  }

  /** The client, for what is not only read. */
  public Web3j client() {
    return web3j;
  }

  /** The chain's number. */
  public BigInteger chainId() {
    return answer(web3j.ethChainId()).getChainId();
  }

  /** The number of the newest block. */
  public BigInteger head() {
    return answer(web3j.ethBlockNumber()).getBlockNumber();
  }

  /** In wei. */
  public BigInteger balance(Address account) {
    return answer(web3j.ethGetBalance(account.lowerCase(), DefaultBlockParameterName.LATEST))
        .getBalance();
  }

  /** The code of an account now; empty if it is no contract. */
  public Bytes code(Address account) {
    return code(account, DefaultBlockParameterName.LATEST);
  }

  /** The code of an account; empty if it is no contract. */
  public Bytes code(Address account, DefaultBlockParameter block) {
    return Hex.bytes(answer(web3j.ethGetCode(account.lowerCase(), block)).getCode());
  }

  /** A word of a contract's storage. */
  public Word storage(Address contract, Word slot, DefaultBlockParameter block) {
    String text =
        answer(web3j.ethGetStorageAt(contract.lowerCase(), slot.number(), block)).getData();
    return Word.of(Numeric.toBigInt(Hex.bytes(text).toArray()));
  }

  /** What the call would do now if the account made it. */
  public CallOutcome simulate(Address from, Call call) {
    return call(Optional.of(from), call, DefaultBlockParameterName.LATEST);
  }

  /** What the call would do at that block. */
  public CallOutcome call(Optional<Address> from, Call call, DefaultBlockParameter block) {
    EthCall response = send(web3j.ethCall(transaction(from, call), block));
    if (response.hasError()) {
      return RevertedCalls.of(response.getError());
    }
    return new CallOutcome.Returned(Hex.bytes(response.getValue()));
  }

  private static Transaction transaction(Optional<Address> from, Call call) {
    return new Transaction(
        from.map(Address::lowerCase).orElse(null),
        null,
        null,
        null,
        call.target().lowerCase(),
        call.value(),
        "0x" + call.data().hex());
  }

  /** The answer; an error instead of one is refused. */
  public static <T extends Response<?>> T answer(Request<?, T> request) {
    T response = send(request);
    if (response.hasError()) {
      throw EndpointRefusal.ERROR.because(
          "the endpoint answered "
              + request.getMethod()
              + " with an error: "
              + response.getError().getMessage());
    }
    return response;
  }

  /** The answer, which may be an error. */
  public static <T extends Response<?>> T send(Request<?, T> request) {
    try {
      return request.send();
    } catch (IOException e) {
      throw dstack.kms.core.refusal.RefusalException.causedBy(
          EndpointRefusal.UNREACHABLE, "the endpoint did not answer " + request.getMethod(), e);
    }
  }
}
