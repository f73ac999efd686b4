package dstack.kms.chain.authority;

import dstack.kms.chain.head.ChainView;
import dstack.kms.chain.policy.PolicyQuestion;
import dstack.kms.chain.rpc.Deadline;
import dstack.kms.chain.rpc.RpcClient;
import dstack.kms.chain.rpc.RpcRefusal;
import dstack.kms.core.refusal.RefusalCode;
import dstack.kms.core.refusal.RefusalException;
import java.util.List;

/**
 * Believes the first endpoint that answers.
 *
 * <p>Another one is asked only if an endpoint gave no answer at all. What it answers, a denial, a
 * revert and rubbish included, is final: nobody may be asked until somebody says yes.
 */
final class DirectReader implements PolicyReader {
  private final ContractReader contract;

  DirectReader(ContractReader contract) {
    this.contract = contract;
  }

  @Override
  public PolicyFinding read(PolicyQuestion question, ChainView view, Deadline deadline) {
    List<RpcClient> endpoints = view.endpoints();
    for (int i = 0; i < endpoints.size() - 1; i++) {
      Deadline share = deadline.atMost(deadline.remaining().dividedBy(endpoints.size() - (long) i));
      try {
        return contract.read(endpoints.get(i), question, view, share);
      } catch (RefusalException e) {
        if (!isSilence(e.code())) {
          throw e;
        }
      }
    }
    return contract.read(endpoints.getLast(), question, view, deadline);
  }

  /**
   * Whether a refusal says that an endpoint gave no answer, or that it does not have the block.
   * Calls that revert or fail are answers; {@link ContractReader} has codes of their own for them.
   */
  static boolean isSilence(RefusalCode code) {
    return code == RpcRefusal.UNREACHABLE
        || code == RpcRefusal.DEADLINE
        || code == RpcRefusal.HTTP_STATUS
        || code == RpcRefusal.ERROR
        || code == DecisionRefusal.NO_ANSWER;
  }
}
