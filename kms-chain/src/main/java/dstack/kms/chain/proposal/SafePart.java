package dstack.kms.chain.proposal;

import dstack.kms.chain.account.Address;
import dstack.kms.chain.account.Call;
import dstack.kms.chain.calldata.AbiValue;
import dstack.kms.chain.calldata.KnownMultiSend;
import dstack.kms.chain.calldata.MultiSendCalls;
import dstack.kms.chain.calldata.SafeFunctions;
import dstack.kms.chain.safe.SafeDomain;
import dstack.kms.chain.safe.SafeSignature;
import dstack.kms.chain.safe.SafeTransaction;
import java.math.BigInteger;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The transaction with which a Safe takes one step of a proposal.
 *
 * @param address the Safe
 * @param nonce the Safe's nonce at which it is valid
 * @param step what it does
 * @param multiSend where MultiSendCallOnly lies, if several calls are made at once
 * @param signatures what owners gave for it so far, verified by nobody yet
 */
public record SafePart(
    Address address,
    BigInteger nonce,
    SafeStep step,
    @Nullable Address multiSend,
    List<SafeSignature> signatures) {
  /** Keeps a copy; refuses a nonce that is none. */
  public SafePart {
    signatures = List.copyOf(signatures);
    if (nonce.signum() < 0 || nonce.bitLength() > 256) {
      throw ProposalRefusal.FILE.because("a Safe's nonce is a number from 0 to 2^256");
    }
  }

  /** The transaction of that proposal, made from its calls. */
  public SafeTransaction transaction(Proposal proposal) {
    List<Call> calls = proposal.calls();
    return switch (step) {
      case SCHEDULE -> plain(proposal.requireTimelock().schedule(calls));
      case EXECUTE -> plain(proposal.requireTimelock().execute(calls));
      case CANCEL -> plain(proposal.requireTimelock().cancel(calls));
      case CALL -> calls.size() == 1 ? plain(calls.getFirst()) : together(calls);
    };
  }

  /** Whose code the Safe runs as itself for that proposal, in words. */
  public Optional<String> delegation(Proposal proposal) {
    return delegate(proposal).map(code -> "DELEGATECALL to " + code);
  }

  /** Where the code lies that the Safe runs as itself, and whether it is known to be there. */
  public Optional<String> delegate(Proposal proposal) {
    SafeTransaction transaction = transaction(proposal);
    if (transaction.operation() == SafeTransaction.Operation.CALL) {
      return Optional.empty();
    }
    Address code = transaction.call().target();
    String known =
        KnownMultiSend.versionAt(code)
            .map(version -> "canonical " + version)
            .orElse("NOT canonical");
    return Optional.of(code + " (" + known + ")");
  }

  private SafeTransaction plain(Call call) {
    return new SafeTransaction(call, SafeTransaction.Operation.CALL, nonce);
  }

  private SafeTransaction together(List<Call> calls) {
    if (multiSend == null) {
      throw ProposalRefusal.FILE.because(
          "several calls of a Safe need the address of MultiSendCallOnly");
    }
    Call packed = SafeFunctions.MULTI_SEND.on(multiSend, AbiValue.of(MultiSendCalls.pack(calls)));
    return new SafeTransaction(packed, SafeTransaction.Operation.DELEGATE_CALL, nonce);
  }

  /** What the owners' signatures are bound to. */
  public SafeDomain domain(BigInteger chainId) {
    return new SafeDomain(chainId, address);
  }

  /** The same with other signatures. */
  public SafePart with(List<SafeSignature> others) {
    return new SafePart(address, nonce, step, multiSend, others);
  }
}
