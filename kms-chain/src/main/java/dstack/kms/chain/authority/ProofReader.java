package dstack.kms.chain.authority;

import dstack.kms.chain.head.ChainView;
import dstack.kms.chain.policy.PolicyAnswer;
import dstack.kms.chain.policy.PolicyQuestion;
import dstack.kms.chain.proof.policy.PolicyStorageRefusal;
import dstack.kms.chain.proof.policy.ProvenPolicy;
import dstack.kms.chain.rpc.Deadline;
import dstack.kms.chain.rpc.ForeignWords;
import dstack.kms.chain.rpc.RpcClient;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.core.refusal.RefusalKind;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Believes nobody: reads the policy out of storage that is proved to belong to the view's blocks.
 *
 * <p>All trust lies in the blocks' hashes, which the board has from as many endpoints as must
 * agree. Who hands over the proofs does not matter, so another endpoint is asked when one gives
 * none or a false one. What is proved is final: a contract that is not known is not known whoever
 * is asked.
 */
final class ProofReader implements PolicyReader {
  private static final Logger log = LoggerFactory.getLogger(ProofReader.class);

  private final ProvenPolicy policy;
  private final AtomicLong falseProofs = new AtomicLong();

  /** Reads that policy. */
  ProofReader(ProvenPolicy policy) {
    this.policy = policy;
  }

  /** How often an endpoint answered with something that its proof does not show. */
  long falseProofs() {
    return falseProofs.get();
  }

  @Override
  public PolicyFinding read(PolicyQuestion question, ChainView view, Deadline deadline) {
    List<RpcClient> endpoints = view.endpoints();
    for (int i = 0; i < endpoints.size() - 1; i++) {
      Deadline share = deadline.atMost(deadline.remaining().dividedBy(endpoints.size() - (long) i));
      try {
        return read(endpoints.get(i), question, view, share);
      } catch (RefusalException e) {
        if (e.code() instanceof PolicyStorageRefusal) {
          throw e;
        }
      }
    }
    return read(endpoints.getLast(), question, view, deadline);
  }

  private PolicyFinding read(
      RpcClient client, PolicyQuestion question, ChainView view, Deadline deadline) {
    try {
      PolicyAnswer chosen = policy.answer(client, view.chosen(), question, deadline);
      PolicyAnswer newest =
          view.isAtHead() ? chosen : policy.answer(client, view.head(), question, deadline);
      return new PolicyFinding(chosen, newest.verdict());
    } catch (RefusalException e) {
      report(client, e);
      throw e;
    }
  }

  /** A false proof is a lie or a broken client; either way somebody should look. */
  private void report(RpcClient client, RefusalException refusal) {
    boolean proved = refusal.code() instanceof PolicyStorageRefusal;
    if (!proved && refusal.code().kind() != RefusalKind.UNAVAILABLE) {
      falseProofs.incrementAndGet();
      log.error(
          "chain endpoint {} answered with something that is not proved: [{}] {}",
          client.endpoint(),
          refusal.code().code(),
          ForeignWords.shown(refusal.text()));
    }
  }
}
