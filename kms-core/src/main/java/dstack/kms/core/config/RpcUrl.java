package dstack.kms.core.config;

import dstack.kms.core.refusal.RefusalException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The URL of a chain's JSON-RPC endpoint. Providers put their customers' keys into the path, the
 * query or the user part, so that only scheme, host and port are ever shown (T-39).
 */
public final class RpcUrl {
  /** Shorter parts, such as {@code v2}, are no secrets, and hiding them would garble texts. */
  private static final int SECRET_LENGTH = 8;

  private final URI uri;
  private final String userInfo;

  private RpcUrl(URI uri, String userInfo) {
    this.uri = uri;
    this.userInfo = userInfo;
  }

  /** Reads a URL; refuses everything that no request can be sent to, without showing it. */
  public static RpcUrl of(String text) {
    try {
      return parse(text);
    } catch (ConfigText.BadValue e) {
      throw new RefusalException(ConfigRefusal.BAD_VALUE, "the chain endpoint " + e.getMessage());
    }
  }

  /**
   * Reads a URL of a kind that a request can be sent to.
   *
   * @throws ConfigText.BadValue if it is none; the text never shows the URL
   */
  static RpcUrl parse(String text) {
    URI uri;
    try {
      uri = new URI(text.strip());
    } catch (URISyntaxException e) {
      throw ConfigText.bad("must be a URL");
    }
    String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
    if (!scheme.equals("http") && !scheme.equals("https")) {
      throw ConfigText.bad("must be a URL that starts with http:// or https://");
    }
    if (uri.getHost() == null || uri.getPort() > 65535 || uri.getPort() == 0) {
      throw ConfigText.bad("must be a URL with a host");
    }
    if (uri.getRawFragment() != null) {
      throw ConfigText.bad("must be a URL without a fragment");
    }
    String userInfo = uri.getUserInfo() == null ? "" : uri.getUserInfo();
    return new RpcUrl(withoutUserInfo(uri, scheme), userInfo);
  }

  private static URI withoutUserInfo(URI uri, String scheme) {
    String path = uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
    String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
    return URI.create(scheme + "://" + hostAndPort(uri) + path + query);
  }

  private static String hostAndPort(URI uri) {
    String host = uri.getHost().toLowerCase(Locale.ROOT);
    return uri.getPort() < 0 ? host : host + ":" + uri.getPort();
  }

  /** Scheme, host and port: all of it that may be shown. */
  public String name() {
    return uri.getScheme() + "://" + hostAndPort(uri);
  }

  /**
   * Host and effective port of the server that answers: what two URLs have in common that differ
   * only in scheme, path, credentials, case or a final dot.
   */
  String server() {
    String host = uri.getHost();
    int port = uri.getPort() < 0 ? (isPlain() ? 80 : 443) : uri.getPort();
    return (host.endsWith(".") ? host.substring(0, host.length() - 1) : host) + ":" + port;
  }

  /** Where requests go, with whatever key is in it; never to be logged. */
  public URI requestUri() {
    return uri;
  }

  /** The value of an {@code Authorization} header, if the URL carries credentials. */
  public Optional<String> authorization() {
    if (userInfo.isEmpty()) {
      return Optional.empty();
    }
    String pair = userInfo.contains(":") ? userInfo : userInfo + ":";
    return Optional.of(
        "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8)));
  }

  /** Whether requests to it travel in the clear. */
  public boolean isPlain() {
    return uri.getScheme().equals("http");
  }

  /**
   * Whether requests to it travel in the clear to a host outside this machine, a private network
   * and the same compose file (T-16).
   */
  public boolean isPlainToPublicHost() {
    return isPlain() && PlainHttpRule.isPublic(host());
  }

  /** Where requests to it go in the clear; nowhere with TLS. */
  public Optional<PlainReach> plainReach() {
    return isPlain() ? Optional.of(PlainHttpRule.reach(host())) : Optional.empty();
  }

  private String host() {
    return uri.getHost().replace("[", "").replace("]", "");
  }

  /**
   * A foreign text without what this URL keeps secret; some endpoints repeat what they were sent.
   */
  public String redacted(String text) {
    String redacted = text;
    for (String secret : secrets()) {
      redacted = redacted.replace(secret, "(hidden)");
    }
    return redacted;
  }

  private List<String> secrets() {
    Stream<String> path = Stream.of(uri.getRawPath().split("/"));
    Stream<String> query =
        uri.getRawQuery() == null ? Stream.of() : Stream.of(uri.getRawQuery().split("[&=]"));
    Stream<String> user = Stream.of(userInfo.split(":"));
    return Stream.of(path, query, user)
        .flatMap(parts -> parts)
        .filter(part -> part.length() >= SECRET_LENGTH)
        .toList();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof RpcUrl that && uri.equals(that.uri) && userInfo.equals(that.userInfo);
  }

  @Override
  public int hashCode() {
    return uri.hashCode();
  }

  @Override
  public String toString() {
    return name();
  }
}
