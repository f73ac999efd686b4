package dstack.kms.rpc.http;

/** The request methods that any route answers; everything else is {@link #OTHER}. */
public enum HttpVerb {
  GET,
  /** Answered like GET, without the body. */
  HEAD,
  POST,
  OTHER;

  /** Whether this reads only: GET, or HEAD, which counts as GET everywhere. */
  public boolean isGet() {
    return this == GET || this == HEAD;
  }

  static HttpVerb of(String name) {
    return switch (name) {
      case "GET" -> GET;
      case "HEAD" -> HEAD;
      case "POST" -> POST;
      default -> OTHER;
    };
  }
}
