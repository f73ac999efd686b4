package dstack.kms.rpc.client;

import dstack.kms.core.refusal.RefusalException;
import java.net.URI;
import java.net.URISyntaxException;

/**
 * Where a service is: {@code https://host[:port][/path]}, no trailing slash.
 *
 * @param host a name or an IP address, without brackets
 * @param port the port
 * @param path begins with a slash, or is empty
 */
public record RpcUrl(String host, int port, String path) {
  private static final int HTTPS = 443;

  /**
   * Reads the base URL of a service as it is.
   *
   * @throws RefusalException if it is not an HTTPS URL with a host and without query, fragment and
   *     credentials
   */
  public static RpcUrl parse(String text) {
    URI uri;
    try {
      uri = new URI(text);
    } catch (URISyntaxException e) {
      throw bad(text);
    }
    String host = uri.getHost();
    boolean plain =
        uri.getRawQuery() == null && uri.getRawFragment() == null && uri.getRawUserInfo() == null;
    if (!"https".equalsIgnoreCase(uri.getScheme()) || host == null || !plain) {
      throw bad(text);
    }
    String path = uri.getRawPath().replaceAll("/+$", "");
    return new RpcUrl(withoutBrackets(host), uri.getPort() < 0 ? HTTPS : uri.getPort(), path);
  }

  /** Reads the URL of a KMS; {@code /prpc} is added unless it ends with it. */
  public static RpcUrl ofKms(String text) {
    RpcUrl url = parse(text);
    return url.path().endsWith("/prpc")
        ? url
        : new RpcUrl(url.host(), url.port(), url.path() + "/prpc");
  }

  /** The URL as text. */
  public String text() {
    return "https://" + authority() + path;
  }

  /** Host and port, the port always there, as CONNECT has them. */
  String hostAndPort() {
    return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
  }

  /** Host and port as the Host header has them. */
  public String authority() {
    String name = host.contains(":") ? "[" + host + "]" : host;
    return port == HTTPS ? name : name + ":" + port;
  }

  static String withoutBrackets(String host) {
    return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
  }

  private static RefusalException bad(String text) {
    // Without credentials: what is refused is logged and recorded (T-39).
    return new RefusalException(
        ClientRefusal.BAD_URL, "not an https URL of a server: " + text.replaceAll("[^/]*@", "…@"));
  }
}
