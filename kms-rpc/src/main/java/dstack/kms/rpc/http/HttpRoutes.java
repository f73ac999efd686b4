package dstack.kms.rpc.http;

/** Decides what becomes of a request before its body is read. Runs on the event loop. */
@FunctionalInterface
public interface HttpRoutes {
  /** The route of this request; {@code Immediate} with 404 if there is none. */
  Route route(RequestHead head, ClientConnection connection);
}
