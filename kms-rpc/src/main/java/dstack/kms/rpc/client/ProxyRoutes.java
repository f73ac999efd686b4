package dstack.kms.rpc.client;

import dstack.kms.core.refusal.RefusalException;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The ways that the usual variables name: {@code HTTPS_PROXY}, else {@code ALL_PROXY}, except for
 * hosts in {@code NO_PROXY}; each also in lower case, where the upper case counts first as with
 * released clients. An empty variable counts as not set.
 */
public final class ProxyRoutes implements Routes {
  private static final int HTTP = 80;
  private static final Pattern VSOCK = Pattern.compile("vsock://([0-9]{1,10}):([0-9]{1,10})/?");

  private final Optional<Route.Proxy> proxy;
  private final List<String> exempt;

  private ProxyRoutes(Optional<Route.Proxy> proxy, List<String> exempt) {
    this.proxy = proxy;
    this.exempt = List.copyOf(exempt);
  }

  /**
   * As these variables say.
   *
   * @throws RefusalException if they name a proxy that cannot be used
   */
  public static ProxyRoutes of(Map<String, String> variables) {
    Optional<Route.Proxy> proxy =
        first(variables, "HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy")
            .map(ProxyRoutes::parse);
    String exempt = first(variables, "NO_PROXY", "no_proxy").orElse("");
    List<String> entries = new ArrayList<>();
    for (String entry : exempt.split(",", -1)) {
      String bare = entry.strip().toLowerCase(Locale.ROOT);
      if (!bare.isEmpty()) {
        entries.add(bare);
      }
    }
    return new ProxyRoutes(proxy, entries);
  }

  /** Through this proxy to every server. */
  public static ProxyRoutes through(String url) {
    return new ProxyRoutes(Optional.of(parse(url)), List.of());
  }

  @Override
  public Route to(RpcUrl url) {
    return proxy
        .filter(_ -> exempt.stream().noneMatch(entry -> exempts(entry, url.host())))
        .<Route>map(each -> each)
        .orElseGet(Route.Direct::new);
  }

  /**
   * Reads {@code http://[user:password@]host[:port]}, the same without {@code http://}, or {@code
   * vsock://CID:PORT} for a proxy at a vsock port.
   */
  static Route.Proxy parse(String text) {
    Matcher vsock = VSOCK.matcher(text);
    if (vsock.matches()) {
      return new Route.Proxy(
          new Route.Hop.Vsock(port(vsock.group(1), vsock.group(2))), Optional.empty());
    }
    URI uri;
    try {
      uri = new URI(text.contains("://") ? text : "http://" + text);
    } catch (URISyntaxException e) {
      throw bad();
    }
    boolean plain =
        "http".equalsIgnoreCase(uri.getScheme())
            && uri.getHost() != null
            && uri.getRawQuery() == null
            && uri.getRawFragment() == null
            && (uri.getRawPath().isEmpty() || uri.getRawPath().equals("/"));
    if (!plain) {
      throw bad();
    }
    return new Route.Proxy(tcp(uri), credentials(uri));
  }

  private static Route.Hop tcp(URI uri) {
    int port = uri.getPort() < 0 ? HTTP : uri.getPort();
    if (port == 0 || port > 65_535) {
      throw bad();
    }
    return new Route.Hop.Tcp(RpcUrl.withoutBrackets(uri.getHost()), port);
  }

  private static Route.VsockPort port(String contextId, String port) {
    try {
      return new Route.VsockPort(Long.parseLong(contextId), Long.parseLong(port));
    } catch (IllegalArgumentException e) {
      throw bad();
    }
  }

  private static Optional<String> credentials(URI uri) {
    return Optional.ofNullable(uri.getRawUserInfo())
        .map(raw -> URLDecoder.decode(raw.replace("+", "%2B"), StandardCharsets.UTF_8));
  }

  private static Optional<String> first(Map<String, String> variables, String... names) {
    return Stream.of(names)
        .map(name -> variables.getOrDefault(name, "").strip())
        .filter(value -> !value.isEmpty())
        .findFirst();
  }

  /** {@code *}, a domain with everything below it, an IP address, or a network in CIDR form. */
  private static boolean exempts(String entry, String host) {
    String name = host.toLowerCase(Locale.ROOT);
    if (entry.equals("*") || entry.equals(name) || entry.equals("[" + name + "]")) {
      return true;
    }
    if (entry.contains("/")) {
      return isAddress(name) && contains(entry, name);
    }
    String domain = entry.startsWith(".") ? entry.substring(1) : entry;
    return !isAddress(name) && (name.equals(domain) || name.endsWith("." + domain));
  }

  private static boolean contains(String network, String address) {
    int slash = network.indexOf('/');
    String base = network.substring(0, slash);
    String length = network.substring(slash + 1);
    if (!isAddress(base) || !length.matches("[0-9]{1,3}")) {
      return false;
    }
    byte[] wanted = InetAddress.ofLiteral(base).getAddress();
    byte[] given = InetAddress.ofLiteral(address).getAddress();
    int bits = Integer.parseInt(length);
    return wanted.length == given.length
        && bits <= 8 * wanted.length
        && startsAlike(wanted, given, bits);
  }

  private static boolean startsAlike(byte[] one, byte[] other, int bits) {
    for (int bit = 0; bit < bits; bit++) {
      int mask = 0x80 >> (bit % 8);
      if ((one[bit / 8] & mask) != (other[bit / 8] & mask)) {
        return false;
      }
    }
    return true;
  }

  private static boolean isAddress(String text) {
    try {
      return text.matches("[0-9.]+|[0-9a-f:.]*:[0-9a-f:.]*")
          && InetAddress.ofLiteral(text).getAddress().length > 0;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  /** Without the text: it may hold a password (T-39). */
  private static RefusalException bad() {
    return new RefusalException(
        ClientRefusal.BAD_PROXY,
        "the proxy is neither http://[user:password@]host[:port] nor vsock://CID:PORT");
  }
}
