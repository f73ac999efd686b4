package dstack.kms.attest.issuer;

import dstack.kms.core.refusal.RefusalException;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * An address out of a certificate that may be asked: http or https, an allowed host by name, the
 * default port, no user, no fragment (T-25).
 *
 * @param path with the query, as it goes into the request
 * @param loopback whether it is one of the simulated platform's
 */
record IssuerAddress(boolean tls, String host, int port, String path, boolean loopback) {
  private static final int MAX_LENGTH = 1024;
  private static final Pattern PRINTABLE = Pattern.compile("[\\x21-\\x7e]+");
  private static final Pattern NUMERIC_END = Pattern.compile("(.*\\.)?(0x[0-9a-f]*|[0-9]+)\\.?");
  private static final Set<String> LOOPBACK_HOSTS = Set.of("127.0.0.1", "localhost");

  static IssuerAddress of(String text, HostPatterns hosts, Reach reach) {
    URI uri = parse(text);
    String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
    boolean tls = scheme.equals("https");
    if (!tls && !scheme.equals("http")) {
      throw refused("neither http nor https", text);
    }
    if (uri.getHost() == null || uri.getRawUserInfo() != null || uri.getRawFragment() != null) {
      throw refused("no host, a user or a fragment", text);
    }
    String host = uri.getHost().toLowerCase(Locale.ROOT);
    int standard = tls ? 443 : 80;
    int port = uri.getPort() == -1 ? standard : uri.getPort();
    boolean loopback = reach == Reach.PUBLIC_AND_LOOPBACK && LOOPBACK_HOSTS.contains(host);
    if (!loopback) {
      requirePublic(host, port == standard, hosts, text);
    }
    return new IssuerAddress(tls, host, port, pathOf(uri), loopback);
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
