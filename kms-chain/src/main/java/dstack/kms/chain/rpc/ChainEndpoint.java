package dstack.kms.chain.rpc;

import dstack.kms.core.config.RpcUrl;
import java.util.ArrayList;
import java.util.List;

/**
 * One node of the chain that answers JSON-RPC.
 *
 * @param name what logs, messages and metrics call it; without any part of the URL that may be
 *     secret
 * @param url where requests go
 */
public record ChainEndpoint(String name, RpcUrl url) {
  /** The endpoint at that URL under the name scheme, host and port. */
  public static ChainEndpoint of(RpcUrl url) {
    return new ChainEndpoint(url.name(), url);
  }

  /** The same for several; those of one host and port are numbered from the second on. */
  public static List<ChainEndpoint> all(List<RpcUrl> urls) {
    List<ChainEndpoint> endpoints = new ArrayList<>();
    for (RpcUrl url : urls) {
      long before = endpoints.stream().filter(e -> e.url().name().equals(url.name())).count();
      String suffix = before == 0 ? "" : "#" + (before + 1);
      endpoints.add(new ChainEndpoint(url.name() + suffix, url));
    }
    return List.copyOf(endpoints);
  }

  @Override
  public String toString() {
    return name;
  }
}
