package dstack.kms.core.config;

import dstack.kms.core.refusal.RefusalException;
import java.util.HashSet;
import java.util.List;

/** Which combinations of mode, endpoints and quorum mean something. */
final class ChainRule {
  private ChainRule() {}

  static void check(Section chain, ChainMode mode, List<RpcUrl> endpoints, int quorum) {
    int count = endpoints.size();
    if (new HashSet<>(endpoints).size() != count) {
      throw contradiction(chain, "rpc_urls", "names an endpoint twice, which is no second opinion");
    }
    if (mode != ChainMode.DIRECT
        && endpoints.stream().map(RpcUrl::server).distinct().count() != count) {
      throw contradiction(
          chain,
          "rpc_urls",
          "names one host and port twice: who answers there would be counted as several opinions");
    }
    if (mode == ChainMode.DIRECT && quorum > 1) {
      throw contradiction(chain, "quorum", "needs mode = \"quorum\" or \"proof\"");
    }
    if (mode == ChainMode.QUORUM && count < 2) {
      throw contradiction(chain, "mode", "is \"quorum\"; it needs at least two rpc_urls");
    }
    if (mode != ChainMode.DIRECT && quorum != 0 && (quorum > count || 2 * quorum <= count)) {
      throw contradiction(
          chain,
          "quorum",
          "must be more than half of the rpc_urls and at most all of them: "
              + (count / 2 + 1)
              + " to "
              + count);
    }
  }

  /** As configured, or the majority. */
  static int quorum(ChainMode mode, int endpoints, int configured) {
    if (mode == ChainMode.DIRECT) {
      return 1;
    }
    return configured == 0 ? endpoints / 2 + 1 : configured;
  }

  private static RefusalException contradiction(Section chain, String name, String text) {
    return new RefusalException(ConfigRefusal.CONTRADICTION, chain.where(name) + " " + text);
  }
}
