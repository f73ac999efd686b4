package dstack.kms.chain.proof.policy;

import dstack.kms.chain.account.Address;
import dstack.kms.chain.account.Word;
import dstack.kms.chain.contract.OwnContract;
import dstack.kms.chain.policy.AppBootInfo;
import dstack.kms.chain.policy.PolicyAnswer;
import dstack.kms.chain.policy.PolicyQuestion;
import dstack.kms.chain.policy.Route;
import dstack.kms.chain.policy.Verdict;
import dstack.kms.chain.proof.state.ProvenAccount;
import dstack.kms.chain.rpc.BlockHeader;
import dstack.kms.chain.rpc.Deadline;
import dstack.kms.chain.rpc.RpcClient;
import dstack.kms.core.refusal.RefusalException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Decides by the contracts' storage, as proved against the header of one block (specification 21
 * §8.3).
 *
 * <p>The endpoint is believed nothing. What the contracts' rules are is known from their code: the
 * proxy and the implementation behind it must be of {@link KnownContracts}, and that they are is
 * proved at the same block as what they hold. Which implementation that will be is guessed from the
 * last decision, so that one exchange usually suffices; a wrong guess costs a second one.
 *
 * <p>Safe for use by several threads.
 */
public final class ProvenPolicy {
  private final Address kms;
  private final KnownContracts known;
  private final KnownHeaders headers = new KnownHeaders();
  private final AtomicReference<Guess> guess = new AtomicReference<>(new Guess(List.of()));

  private record Guess(List<Address> implementations) {}

  /**
   * Decides by that contract.
   *
   * @param kms the proxy of the policy contract
   * @param known the contracts whose rules are those written here
   */
  public ProvenPolicy(Address kms, KnownContracts known) {
    this.kms = kms;
    this.known = known;
  }

  /**
   * The contract's answer at that block.
   *
   * @param client the endpoint that is asked for proofs
   * @param block of which the hash is trusted; its height and time must be those of the header
   * @throws RefusalException if it does not prove what the decision needs
   */
  public PolicyAnswer answer(
      RpcClient client, BlockHeader block, PolicyQuestion question, Deadline deadline) {
    ProvenState state = new ProvenState(client, deadline, headers, block);
    AppBootInfo workload = question.workload();
    state.want(kms, KmsPolicy.keys(workload));
    if (question.route() == Route.APP) {
      state.want(workload.appId(), AppPolicy.keys(workload));
    }
    guess.get().implementations().forEach(address -> state.want(address, List.of()));
    ProvenAccount contract = state.account(kms);
    Address implementation = requireKnown(state, contract, OwnContract.DSTACK_KMS);
    KmsPolicy policy = new KmsPolicy(contract, workload);
    Optional<String> denial =
        switch (question.route()) {
          case KMS -> remember(policy.denialAsKms(), implementation);
          case APP -> denialOfApp(state, policy, workload, implementation);
        };
    return new PolicyAnswer(
        new Verdict(denial.isEmpty(), denial.orElse("")), policy.gatewayAppId());
  }

  private Optional<String> denialOfApp(
      ProvenState state, KmsPolicy policy, AppBootInfo workload, Address kmsImplementation) {
    ProvenAccount app = state.account(workload.appId());
    Optional<String> before = policy.denialBeforeApp(app.hasCode());
    if (before.isPresent()) {
      return before;
    }
    Address implementation = requireKnown(state, app, OwnContract.DSTACK_APP);
    return remember(new AppPolicy(app, workload).denial(), kmsImplementation, implementation);
  }

  private Optional<String> remember(Optional<String> denial, Address... implementations) {
    guess.set(new Guess(List.of(implementations)));
    return denial;
  }

  /** The implementation behind a proxy, both of known code at this block. */
  private Address requireKnown(ProvenState state, ProvenAccount proxy, OwnContract contract) {
    if (!known.isProxy(proxy)) {
      throw unknown(PolicyStorageRefusal.UNKNOWN_PROXY, proxy, "a proxy");
    }
    Address implementation = KmsPolicy.implementationOf(proxy);
    ProvenAccount behind = state.account(implementation);
    if (!known.isImplementation(contract, behind)) {
      throw unknown(PolicyStorageRefusal.UNKNOWN_IMPLEMENTATION, behind, contract.contractName())
          .within("behind the proxy " + proxy.address());
    }
    return implementation;
  }

  private static RefusalException unknown(
      PolicyStorageRefusal reason, ProvenAccount account, String expected) {
    Word hash = account.codeHash();
    return new RefusalException(
        reason,
        "the code of "
            + account.address()
            + " with hash "
            + hash
            + " is not known as "
            + expected
            + ": compare it with a build of its source, then list the hash, or do not use proof"
            + " mode");
  }
}
