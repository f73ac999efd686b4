package dstack.kms.cli.explain;

import dstack.kms.chain.account.Address;
import dstack.kms.chain.endpoint.Endpoint;
import dstack.kms.chain.explain.Explanation;
import dstack.kms.chain.explain.Shortfall;
import dstack.kms.chain.rpc.ChainEndpoint;
import dstack.kms.chain.rpc.RpcClient;
import dstack.kms.chain.rpc.RpcLimits;
import dstack.kms.core.bootinfo.BootInfo;
import dstack.kms.core.config.AuthorityConfig;
import dstack.kms.core.config.ChainConfig;
import java.util.List;
import java.util.function.BiFunction;

/** What a boot lacks in the contracts of a configuration; of other authorities nothing is known. */
record Shortfalls(AuthorityConfig authority) {
  /** To be a KMS. */
  List<Shortfall> ofKms(BootInfo boot) {
    return at((endpoint, kms) -> Explanation.ofKms(endpoint, kms, boot));
  }

  /** To have the keys of its app. */
  List<Shortfall> ofApp(BootInfo boot) {
    return at((endpoint, kms) -> Explanation.ofApp(endpoint, kms, boot));
  }

  private List<Shortfall> at(BiFunction<Endpoint, Address, List<Shortfall>> look) {
    if (!(authority instanceof ChainConfig chain)) {
      return List.of();
    }
    ChainEndpoint first = ChainEndpoint.of(chain.endpoints().getFirst());
    try (RpcClient client = new RpcClient(first, RpcLimits.DEFAULT)) {
      return look.apply(new Endpoint(client), new Address(chain.contract()));
    }
  }
}
