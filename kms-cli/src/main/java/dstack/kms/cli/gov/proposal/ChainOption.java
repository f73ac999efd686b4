package dstack.kms.cli.gov.proposal;

import dstack.kms.chain.endpoint.Endpoint;
import dstack.kms.chain.rpc.ChainEndpoint;
import dstack.kms.chain.rpc.RpcClient;
import dstack.kms.chain.rpc.RpcLimits;
import dstack.kms.core.config.RpcUrl;
import java.util.function.Function;
import picocli.CommandLine.Option;

/** Which chain is asked. */
public final class ChainOption {
  @Option(
      names = "--rpc-url",
      required = true,
      paramLabel = "URL",
      description = "The JSON-RPC endpoint of the chain.")
  private String url;

  /** What the action makes of the chain; the connection is closed afterwards. */
  public <T> T ask(Function<Endpoint, T> action) {
    try (RpcClient client = new RpcClient(ChainEndpoint.of(RpcUrl.of(url)), RpcLimits.DEFAULT)) {
      return action.apply(new Endpoint(client));
    }
  }
}
