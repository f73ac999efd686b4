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
  private final Endpoint endpoint;
  private final Address sender;

  Drafts(Endpoint endpoint, Address sender) {
    this.endpoint = endpoint;
    this.sender = sender;
  }

  /** The transaction at that place of the sequence; refused if it would fail or costs too much. */
  UnsignedTransaction draft(Request request, long nonce) {
    UnsignedTransaction draft =
        new UnsignedTransaction(
            endpoint.chainId(),
            nonce,
            fees(),
            gas(request),
            request.to(),
            request.value(),
            request.data());
    requireBalance(draft);
    return draft;
  }

  /** What gas costs now. */
  Fees fees() {
    if (endpoint.answer(EthTransaction.feeHistory()) instanceof RpcAnswer.Result<FeeHistory>(var h)
        && h.fees().isPresent()) {
      return h.fees().get();
    }
    return new Fees.Legacy(endpoint.ask(EthTransaction.gasPrice()));
  }

  /** The endpoint's estimate and a fifth, as state may change until it is mined. */
  long gas(Request request) {
    return switch (endpoint.answer(EthTransaction.gas(sender, request))) {
      case RpcAnswer.Result<Long>(Long gas) -> gas + gas / 5;
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
    BigInteger most =
        draft.fees().most().multiply(BigInteger.valueOf(draft.gas())).add(draft.value());
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
