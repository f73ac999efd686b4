package dstack.kms.rpc.http;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.trace.RequestScope;

/**
 * One complete request.
 *
 * @param scope its id and its place in a trace
 * @param head method, target and headers
 * @param body the whole body, within the route's limit
 * @param connection the connection it came over
 */
public record HttpExchange(
    RequestScope scope, RequestHead head, Bytes body, ClientConnection connection) {
  /** The id in the log and in the answer. */
  public String id() {
    return scope.requestId();
  }
}
