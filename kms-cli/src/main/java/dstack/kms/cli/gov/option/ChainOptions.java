package dstack.kms.cli.gov.option;

import dstack.kms.chain.endpoint.Endpoint;
import dstack.kms.chain.rpc.ChainEndpoint;
import dstack.kms.chain.rpc.RpcClient;
import dstack.kms.chain.rpc.RpcLimits;
import dstack.kms.core.config.RpcUrl;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** Which endpoint is asked. There is no default. */
public final class ChainOptions {
  private final Map<String, String> variables;

  @Option(
      names = "--rpc-url",
      paramLabel = "URL",
      description = "The chain's JSON-RPC endpoint; else RPC_URL or ETH_RPC_URL.")
  private @Nullable String url;

  @Option(
      names = "--chain-id",
      paramLabel = "N",
      description = "Refuse an endpoint of any other chain.")
  private @Nullable Long chainId;

  /** Looks at these variables where the option is missing. */
  public ChainOptions(Map<String, String> variables) {
    this.variables = Map.copyOf(variables);
  }

  /** What the action makes of the endpoint; the connection is closed afterwards. */
  public <T> T connect(CommandSpec spec, Function<Endpoint, T> action) {
    RpcUrl chosen = RpcUrl.of(text(spec));
    if (chosen.isPlainToPublicHost()) {
      spec.commandLine()
          .getErr()
          .println("warning: what " + chosen + " answers can be changed on the way: use https");
    }
    try (RpcClient client = new RpcClient(ChainEndpoint.of(chosen), RpcLimits.DEFAULT)) {
      Endpoint endpoint = new Endpoint(client);
      if (chainId != null) {
        endpoint.requireChainId(chainId);
      }
      return action.apply(endpoint);
    }
  }

  private String text(CommandSpec spec) {
    if (url != null) {
      return url;
    }
    return Variables.either(spec, variables, "RPC_URL", "ETH_RPC_URL")
        .orElseThrow(
            () ->
                new ParameterException(
                    spec.commandLine(), "name the chain's endpoint: --rpc-url or RPC_URL"));
  }
}
