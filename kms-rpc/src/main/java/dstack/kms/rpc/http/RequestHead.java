package dstack.kms.rpc.http;

import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import java.util.Locale;
import java.util.Optional;

/** Method, target and headers of one request, before its body was read. */
public final class RequestHead {
  private final String method;
  private final HttpVerb verb;
  private final String path;
  private final String query;
  private final HttpHeaders headers;

  RequestHead(HttpRequest request) {
    String target = originForm(request.uri());
    int mark = target.indexOf('?');
    this.method = request.method().name();
    this.verb = HttpVerb.of(method);
    this.path = mark < 0 ? target : target.substring(0, mark);
    this.query = mark < 0 ? "" : target.substring(mark + 1);
    this.headers = request.headers();
  }

  /** The request method. */
  public HttpVerb verb() {
    return verb;
  }

  /** The name of the request method as sent. */
  public String method() {
    return method;
  }

  /** The path as sent, still percent-encoded. */
  public String path() {
    return path;
  }

  /** What follows the first question mark, still encoded; empty if there is none. */
  public String query() {
    return query;
  }

  /** The first header of that name, exactly as sent. */
  public Optional<String> header(String name) {
    return Optional.ofNullable(headers.get(name));
  }

  /** The media type without its parameters, in lower case; empty without a content type. */
  public String mediaType() {
    String value = header("content-type").orElse("");
    int parameters = value.indexOf(';');
    String type = parameters < 0 ? value : value.substring(0, parameters);
    return type.strip().toLowerCase(Locale.ROOT);
  }

  /** Reduces {@code http://host/path} to its path, as RFC 9112 §3.2.2 asks of every server. */
  private static String originForm(String target) {
    int scheme = target.indexOf("://");
    if (target.startsWith("/") || scheme < 0) {
      return target;
    }
    int path = target.indexOf('/', scheme + 3);
    return path < 0 ? "/" : target.substring(path);
  }
}
