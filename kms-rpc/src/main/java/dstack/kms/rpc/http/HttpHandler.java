package dstack.kms.rpc.http;

/** Answers one request on a virtual thread; may block until the request's deadline. */
@FunctionalInterface
public interface HttpHandler {
  /** The answer. Whatever is thrown becomes a plain internal error. */
  HttpReply answer(HttpExchange exchange);
}
