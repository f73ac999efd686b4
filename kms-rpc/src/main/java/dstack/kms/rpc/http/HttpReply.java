package dstack.kms.rpc.http;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One answer.
 *
 * @param status the status code
 * @param contentType the value of {@code Content-Type}; empty for none
 * @param body wiped after it was written
 * @param headers further headers, in order
 */
public record HttpReply(
    int status, String contentType, ReplyBody body, Map<String, String> headers) {
  /** The type of a plain text. */
  public static final String TEXT = "text/plain; charset=utf-8";

  /** The type of JSON. */
  public static final String JSON = "application/json";

  public HttpReply {
    headers = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(headers));
  }

  /** An answer without further headers. */
  public static HttpReply of(int status, String contentType, ReplyBody body) {
    return new HttpReply(status, contentType, body, Map.of());
  }

  /** A plain text. */
  public static HttpReply text(int status, String text) {
    return of(status, TEXT, ReplyBody.of(text));
  }

  /** The answer for a path or method that no route has. */
  public static HttpReply notFound() {
    return text(404, "404 Not Found\n");
  }

  /** The same answer with one header more. */
  public HttpReply with(String name, String value) {
    Map<String, String> more = new LinkedHashMap<>(headers);
    more.put(name, value);
    return new HttpReply(status, contentType, body, more);
  }
}
