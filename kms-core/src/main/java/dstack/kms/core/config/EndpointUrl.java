package dstack.kms.core.config;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;

/**
 * The URL of a service: {@code http} or {@code https}, with a host, without query or fragment.
 *
 * <p>Credentials in it are kept apart from everything that is shown or logged (T-39).
 */
public final class EndpointUrl {
  private final String display;
  private final URI uri;
  private final String userInfo;

  private EndpointUrl(String display, URI uri, String userInfo) {
    this.display = display;
    this.uri = uri;
    this.userInfo = userInfo;
  }

  /**
   * Reads a URL of a kind that a request can be sent to.
   *
   * @throws ConfigText.BadValue if it is none; the text never shows the URL
   */
  static EndpointUrl parse(String text) {
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
    if (uri.getHost() == null || uri.getPort() > 65535) {
      throw ConfigText.bad("must be a URL with a host");
    }
    if (uri.getRawQuery() != null || uri.getRawFragment() != null) {
      throw ConfigText.bad("must be a URL without a query or a fragment");
    }
    String userInfo = uri.getUserInfo() == null ? "" : uri.getUserInfo();
    return new EndpointUrl(withoutUserInfo(text.strip()), uri, userInfo);
  }

  /** The URL exactly as configured, but without credentials. */
  public String display() {
    return display;
  }

  /** The URL without credentials, fit for a request. */
  public URI uri() {
    return URI.create(display);
  }

  /** The configured URL with the path appended, one slash between them. */
  public URI resolve(String path) {
    return URI.create(display.endsWith("/") ? display + path : display + "/" + path);
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
    return uri.getScheme().equalsIgnoreCase("http");
  }

  /** Where requests to it go in the clear; nowhere with TLS. */
  public Optional<PlainReach> plainReach() {
    return isPlain() ? Optional.of(PlainHttpRule.reach(host())) : Optional.empty();
  }

  /** The host, an IPv6 address without its brackets. */
  public String host() {
    return uri.getHost().replace("[", "").replace("]", "");
  }

  private static String withoutUserInfo(String text) {
    int authority = text.indexOf("//") + 2;
    int slash = text.indexOf('/', authority);
    int at = text.lastIndexOf('@', slash < 0 ? text.length() : slash);
    return at < authority ? text : text.substring(0, authority) + text.substring(at + 1);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof EndpointUrl that && uri.equals(that.uri);
  }

  @Override
  public int hashCode() {
    return uri.hashCode();
  }

  @Override
  public String toString() {
    return display;
  }
}
