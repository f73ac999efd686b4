package dstack.kms.attest.agent;

import dstack.kms.core.refusal.RefusalException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Predicate;

/**
 * Where the guest agent listens.
 *
 * @param socket the socket to connect to; a host name is looked up with each connection
 * @param host the value of the Host header
 * @param base what stands before the method in the request target; begins and ends with a slash
 */
public record AgentAddress(SocketAddress socket, String host, String base) {
  /** The variable that names the agent's address; it counts even when it is empty. */
  public static final String VARIABLE = "DSTACK_AGENT_ADDRESS";

  private static final String DEFAULT_SOCKET = "/var/run/dstack/dstack.sock";
  private static final String OLDER_SOCKET = "/var/run/dstack.sock";
  private static final String UNIX = "unix:";

  /**
   * The address as text: the variable verbatim if it is set, else the first of the two well-known
   * sockets that exists, else the first.
   */
  public static String resolve(Map<String, String> environment, Predicate<Path> exists) {
    String configured = environment.get(VARIABLE);
    if (configured != null) {
      return configured;
    }
    boolean onlyOlder = !exists.test(Path.of(DEFAULT_SOCKET)) && exists.test(Path.of(OLDER_SOCKET));
    return UNIX + (onlyOlder ? OLDER_SOCKET : DEFAULT_SOCKET);
  }

  /** Reads {@code unix:/path} or {@code http://host:port[/base]}; refuses everything else. */
  public static AgentAddress parse(String address) {
    if (address.startsWith(UNIX)) {
      return unix(address.substring(UNIX.length()));
    }
    if (address.startsWith("http://")) {
      return http(address);
    }
    if (address.startsWith("vsock:")) {
      throw refusal(
          "guest agent address " + address + " uses vsock, which is not supported; use unix:/path");
    }
    throw refusal(
        "guest agent address \"" + address + "\" is neither unix:/path nor http://host:port");
  }

  private static AgentAddress unix(String path) {
    if (!path.startsWith("/")) {
      throw refusal("guest agent socket \"" + path + "\" must be an absolute path");
    }
    try {
      return new AgentAddress(UnixDomainSocketAddress.of(path), "localhost", "/");
    } catch (IllegalArgumentException e) {
      throw RefusalException.causedBy(
          AgentRefusal.ADDRESS, "guest agent socket is no usable path", e);
    }
  }

  private static AgentAddress http(String address) {
    URI uri;
    try {
      uri = new URI(address);
    } catch (URISyntaxException e) {
      throw RefusalException.causedBy(
          AgentRefusal.ADDRESS, "guest agent address " + address + " is no URL", e);
    }
    boolean plain =
        uri.getHost() != null
            && uri.getRawUserInfo() == null
            && uri.getRawQuery() == null
            && uri.getRawFragment() == null;
    if (!plain || uri.getPort() > 65_535) {
      throw refusal("guest agent address " + address + " must be http://host:port");
    }
    int port = uri.getPort() < 0 ? 80 : uri.getPort();
    String path = uri.getRawPath();
    return new AgentAddress(
        InetSocketAddress.createUnresolved(uri.getHost(), port),
        uri.getHost() + ":" + port,
        path.endsWith("/") ? path : path + "/");
  }

  private static RefusalException refusal(String text) {
    return new RefusalException(AgentRefusal.ADDRESS, text);
  }
}
