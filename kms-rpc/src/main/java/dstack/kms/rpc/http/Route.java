package dstack.kms.rpc.http;

/** What becomes of a request, decided from its head alone. */
public sealed interface Route {
  /** Answered at once on the event loop; the body is not looked at. */
  record Immediate(HttpReply reply) implements Route {}

  /**
   * Answered by a handler once the whole body is there.
   *
   * @param label a short name from a closed set, for metrics and the log
   * @param bodyLimit the largest body in bytes; exactly the limit passes
   * @param handler runs on a virtual thread
   * @param errors the form of errors that the server reports for this request
   */
  record Handled(String label, long bodyLimit, HttpHandler handler, ErrorReplies errors)
      implements Route {}
}
