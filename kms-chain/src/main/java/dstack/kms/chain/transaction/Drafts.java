package dstack.kms.chain.transaction;

import dstack.kms.chain.account.Address;
import dstack.kms.chain.endpoint.Endpoint;
import dstack.kms.chain.revert.Revert;
import dstack.kms.chain.rpc.RpcAnswer;
import dstack.kms.chain.rpc.RpcError;
import dstack.kms.chain.signing.Fees;
import dstack.kms.chain.signing.UnsignedTransaction;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;
import java.math.BigInteger;
import java.util.Locale;

/** Makes transactions out of requests: fees, gas, and whether the account can pay for them. */
final class Drafts {
  /** What EIP-7825 lets a transaction have; the largest deployment has a third of it. */
  private static final long MOST_GAS = 1 << 24;

  /** 50 gwei: the usual tip of every chain with a base fee is less. */
  private static final BigInteger MOST_TIP = BigInteger.valueOf(50_000_000_000L);

  /** 1000 gwei: chains without a base fee take less, by their one price. */
  private static final BigInteger MOST_PRICE = BigInteger.valueOf(1_000_000_000_000L);

  private final Endpoint endpoint;
  private final Address sender;

  Drafts(Endpoint endpoint, Address sender) {
    this.endpoint = endpoint;
    this.sender = sender;
  }

  /** The transaction at that place of the sequence; refused if it would fail or costs too much. */
  UnsignedTransaction draft(Request request, long chainId, long nonce) {
    UnsignedTransaction draft =
        new UnsignedTransaction(
            chainId, nonce, fees(), gas(request), request.to(), request.value(), request.data());
    requireBalance(draft);
    return draft;
  }

  /** What gas costs now. */
  Fees fees() {
    if (endpoint.answer(EthTransaction.feeHistory()) instanceof RpcAnswer.Result<FeeHistory>(var h)
        && h.fees().isPresent()) {
      return bounded(h.fees().get());
    }
    return bounded(new Fees.Legacy(endpoint.ask(EthTransaction.gasPrice())));
  }

  private static Fees bounded(Fees fees) {
    return switch (fees) {
      case Fees.Dynamic(BigInteger tip, _) when tip.compareTo(MOST_TIP) > 0 ->
          throw tooDear("blocks take a tip", tip, MOST_TIP);
      case Fees.Legacy(BigInteger price) when price.compareTo(MOST_PRICE) > 0 ->
          throw tooDear("blocks take a price", price, MOST_PRICE);
      case Fees.Dynamic _, Fees.Legacy _ -> fees;
    };
  }

  private static RefusalException tooDear(String what, BigInteger found, BigInteger most) {
    return TransactionRefusal.COST.because(
        "the endpoint says that "
            + what
            + " of "
            + found
            + " wei for each gas, and no chain usually takes more than "
            + most
            + ": ask another endpoint");
  }

  private static long withMargin(long gas) {
    if (gas > MOST_GAS) {
      throw TransactionRefusal.COST.because(
          "the endpoint says that the transaction needs "
              + gas
              + " gas, and none may have more than "
              + MOST_GAS
              + ": ask another endpoint");
    }
    return Math.min(MOST_GAS, Math.addExact(gas, gas / 5));
  }

  /** The endpoint's estimate and a fifth, as state may change until it is mined. */
  long gas(Request request) {
    return switch (endpoint.answer(EthTransaction.gas(sender, request))) {
      case RpcAnswer.Result<Long>(Long gas) -> withMargin(gas);
      case RpcAnswer.Failure<Long>(RpcError error) -> throw refused(error);
    };
  }

  private static RefusalException refused(RpcError error) {
    if (error.message().toLowerCase(Locale.ROOT).contains("insufficient funds")) {
      return TransactionRefusal.BALANCE.because(
          "the account cannot pay for the transaction: " + error);
    }
    String why =
        error.data().isPresent()
            ? new Revert(error.data().orElse(Bytes.EMPTY)).words()
            : error.toString();
    return TransactionRefusal.REVERTED.because("the transaction would fail: " + why);
  }

  void requireBalance(UnsignedTransaction draft) {
    BigInteger most = Budget.mostOf(draft);
    BigInteger balance = endpoint.balance(sender);
    if (balance.compareTo(most) < 0) {
      throw TransactionRefusal.BALANCE.because(
          "the account "
              + sender
              + " has "
              + Ether.text(balance)
              + " and the transaction may cost "
              + Ether.text(most)
              + ": fund it with the difference");
    }
  }
}
