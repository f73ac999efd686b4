package dstack.kms.chain.endpoint;

import dstack.kms.chain.account.Address;
import dstack.kms.chain.account.Call;
import dstack.kms.chain.account.Word;
import dstack.kms.chain.rpc.BlockAt;
import dstack.kms.chain.rpc.Deadline;
import dstack.kms.chain.rpc.Eth;
import dstack.kms.chain.rpc.RpcAnswer;
import dstack.kms.chain.rpc.RpcClient;
import dstack.kms.chain.rpc.RpcError;
import dstack.kms.chain.rpc.RpcLimits;
import dstack.kms.chain.rpc.RpcQuery;
import dstack.kms.core.bytes.Bytes;
import java.math.BigInteger;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/** One endpoint's view of a chain, at its head or at a given block, and the way to send there. */
public final class Endpoint {
  private final RpcClient client;

  /** The chain that was named first; zero before. */
  private final AtomicLong chain = new AtomicLong();

  /** The endpoint that this client asks. */
  public Endpoint(RpcClient client) {
    this.client = client;
  }

  /** The answer to any question; an error instead of one is refused. */
  public <T> T ask(RpcQuery<T> query) {
    return client.ask(query);
  }

  /** The answer to any question, which may be an error. */
  public <T> RpcAnswer<T> answer(RpcQuery<T> query) {
    return client.exchange(query, Deadline.in(RpcLimits.DEFAULT.totalTimeout())).of(query);
  }

  /** The chain's number; an endpoint that has named another one before is refused. */
  public long chainId() {
    long now = ask(Eth.chainId());
    chain.compareAndSet(0, now);
    requireChain(chain.get(), now, "which it named before");
    return now;
  }

  /** Refuses an endpoint of another chain than is wanted. */
  public void requireChainId(long wanted) {
    requireChain(wanted, chainId(), "which was asked for");
  }

  private static void requireChain(long wanted, long now, String which) {
    if (now != wanted) {
      throw EndpointRefusal.CHAIN.because(
          "the endpoint serves chain " + now + ", not chain " + wanted + ", " + which);
    }
  }

  /** The number of the newest block. */
  public long head() {
    return ask(EthAccount.head());
  }

  /** What the account has, in wei. */
  public BigInteger balance(Address account) {
    return ask(EthAccount.balance(account));
  }

  /** The number of the account's next transaction, those that wait included. */
  public long pendingNonce(Address account) {
    return ask(EthAccount.nonce(account, "pending"));
  }

  /** The number of the account's next transaction, those that wait not included. */
  public long minedNonce(Address account) {
    return ask(EthAccount.nonce(account, "latest"));
  }

  /** The code of an account now; empty if it is no contract. */
  public Bytes code(Address account) {
    return code(account, BlockAt.latest());
  }

  /** The code of an account; empty if it is no contract. */
  public Bytes code(Address account, BlockAt block) {
    return ask(Eth.code(account, block));
  }

  /** A word of a contract's storage. */
  public Word storage(Address contract, Word slot, BlockAt block) {
    return ask(Eth.storage(contract, slot, block));
  }

  /** What the call would do now if the account made it. */
  public CallOutcome simulate(Address from, Call call) {
    return call(Optional.of(from), call, BlockAt.latest());
  }

  /** What the call would do after that block. */
  public CallOutcome call(Optional<Address> from, Call call, BlockAt block) {
    return outcome(
        EthAccount.call(from, Optional.of(call.target()), call.value(), call.data(), block));
  }

  /** What a deployment by the account would leave as code. */
  public CallOutcome deploy(Address from, Bytes deployment) {
    return outcome(
        EthAccount.call(
            Optional.of(from), Optional.empty(), BigInteger.ZERO, deployment, BlockAt.latest()));
  }

  private CallOutcome outcome(RpcQuery<Bytes> query) {
    return switch (answer(query)) {
      case RpcAnswer.Result<Bytes>(Bytes data) -> new CallOutcome.Returned(data);
      case RpcAnswer.Failure<Bytes>(RpcError error) ->
          new CallOutcome.Reverted(
              RevertedCalls.of(error)
                  .orElseThrow(
                      () ->
                          EndpointRefusal.ERROR.because(
                              "the endpoint could not simulate the call: " + error)));
    };
  }
}
