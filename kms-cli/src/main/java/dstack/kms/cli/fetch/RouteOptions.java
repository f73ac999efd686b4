package dstack.kms.cli.fetch;

import dstack.kms.rpc.client.ProxyRoutes;
import dstack.kms.rpc.client.Route;
import dstack.kms.rpc.client.Routes;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** How the KMS is reached. */
final class RouteOptions {
  private static final Pattern VSOCK = Pattern.compile("([0-9]{1,10}):([0-9]{1,10})");

  @Option(
      names = "--proxy",
      paramLabel = "URL",
      description = {
        "HTTP proxy for CONNECT: http://host:port, vsock://CID:PORT, or none. Default: the",
        "variables HTTPS_PROXY, ALL_PROXY and NO_PROXY."
      })
  private @Nullable String proxy;

  @Option(
      names = "--vsock",
      paramLabel = "CID:PORT",
      description = "A vsock port from which every byte is passed on to the KMS.")
  private @Nullable String vsock;

  /** The ways, by these options and variables. */
  Routes routes(CommandLine command, Map<String, String> variables) {
    if (vsock != null && proxy != null) {
      throw new ParameterException(command, "--vsock and --proxy are two ways; choose one");
    }
    if (vsock != null) {
      Route route = new Route.Socket(port(command, vsock));
      return _ -> route;
    }
    if (proxy == null) {
      return ProxyRoutes.of(variables);
    }
    return proxy.equals("none") ? Routes.direct() : ProxyRoutes.through(proxy);
  }

  private static Route.VsockPort port(CommandLine command, String text) {
    Matcher parts = VSOCK.matcher(text);
    try {
      if (parts.matches()) {
        return new Route.VsockPort(Long.parseLong(parts.group(1)), Long.parseLong(parts.group(2)));
      }
    } catch (IllegalArgumentException e) {
      throw new ParameterException(command, "no vsock address: " + text, e);
    }
    throw new ParameterException(command, "expected CID:PORT, for example 3:12001, not " + text);
  }
}
