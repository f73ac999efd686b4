package dstack.kms.attest.issuer;

import dstack.kms.core.refusal.RefusalException;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * An address that may be asked: http or https, no user, no fragment. One out of a certificate has
 * an allowed host by name and the default port besides (T-25); one below an address of the
 * operator's has the host and port that the operator chose.
 *
 * @param path with the query, as it goes into the request
 * @param network what the host may stand for
 */
record IssuerAddress(boolean tls, String host, int port, String path, Network network) {
  private static final int MAX_LENGTH = 1024;
  private static final Pattern PRINTABLE = Pattern.compile("[\\x21-\\x7e]+");
  private static final Pattern NUMERIC_END = Pattern.compile("(.*\\.)?(0x[0-9a-f]*|[0-9]+)\\.?");
  private static final Pattern END_SLASHES = Pattern.compile("/*$");
  private static final Set<String> LOOPBACK_HOSTS = Set.of("127.0.0.1", "localhost");

  /** Where the addresses lie that a host stands for. */
  enum Network {
    /** Public addresses only. */
    PUBLIC,
    /** This machine: one of the simulated platform's. */
    LOOPBACK,
    /** Wherever the operator keeps it. */
    ANY;

    boolean admits(InetAddress address) {
      return switch (this) {
        case PUBLIC -> AddressRange.isPublic(address);
        case LOOPBACK -> address.isLoopbackAddress();
        case ANY -> true;
      };
    }
  }

  /** An address out of a certificate. */
  static IssuerAddress of(String text, HostPatterns hosts, Reach reach) {
    URI uri = parse(text);
    String host = host(uri, text);
    boolean loopback = reach == Reach.PUBLIC_AND_LOOPBACK && LOOPBACK_HOSTS.contains(host);
    if (!loopback) {
      requirePublic(host, port(uri) == standardPort(uri), hosts, text);
    }
    return of(uri, host, loopback ? Network.LOOPBACK : Network.PUBLIC);
  }

  /**
   * An address below one of the operator's, written the same way.
   *
   * @return empty if it is not below it
   */
  static Optional<IssuerAddress> below(URI base, String text) {
    if (!text.startsWith(END_SLASHES.matcher(base.toString()).replaceFirst("/"))) {
      return Optional.empty();
    }
    URI uri = parse(text);
    if (!uri.normalize().equals(uri)) {
      throw refused("a path that leads elsewhere", text);
    }
    return Optional.of(of(uri, host(uri, text), Network.ANY));
  }

  private static IssuerAddress of(URI uri, String host, Network network) {
    return new IssuerAddress(isTls(uri), host, port(uri), pathOf(uri), network);
  }

  private static boolean isTls(URI uri) {
    return "https".equalsIgnoreCase(uri.getScheme());
  }

  private static int standardPort(URI uri) {
    return isTls(uri) ? 443 : 80;
  }

  private static int port(URI uri) {
    return uri.getPort() == -1 ? standardPort(uri) : uri.getPort();
  }

  private static String host(URI uri, String text) {
    if (!isTls(uri) && !"http".equalsIgnoreCase(uri.getScheme())) {
      throw refused("neither http nor https", text);
    }
    if (uri.getHost() == null || uri.getRawUserInfo() != null || uri.getRawFragment() != null) {
      throw refused("no host, a user or a fragment", text);
    }
    return uri.getHost().toLowerCase(Locale.ROOT);
  }

  private static URI parse(String text) {
    if (text.length() > MAX_LENGTH || !PRINTABLE.matcher(text).matches()) {
      throw refused("too long or not printable", "");
    }
    try {
      return new URI(text);
    } catch (URISyntaxException e) {
      throw refused("no address", text);
    }
  }

  private static void requirePublic(
      String host, boolean standardPort, HostPatterns hosts, String text) {
    if (!standardPort) {
      throw refused("another port", text);
    }
    if (host.startsWith("[") || NUMERIC_END.matcher(host).matches()) {
      throw refused("a number in place of a host name", text);
    }
    if (!hosts.allow(host)) {
      throw refused("a host that is not allowed", text);
    }
  }

  private static String pathOf(URI uri) {
    String path = uri.getRawPath() == null || uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
    return uri.getRawQuery() == null ? path : path + "?" + uri.getRawQuery();
  }

  /** The value of the Host header. */
  String authority() {
    return port == (tls ? 443 : 80) ? host : host + ":" + port;
  }

  private static RefusalException refused(String what, String uri) {
    return IssuerRefusal.ADDRESS.refuse(
        "the address of an issuer's document is not one that may be asked: " + what, uri);
  }
}
