package dstack.kms.onboard.node;

import dstack.kms.rpc.http.ClientConnection;
import dstack.kms.rpc.http.HttpReply;
import dstack.kms.rpc.http.HttpRoutes;
import dstack.kms.rpc.http.RequestHead;
import dstack.kms.rpc.http.Route;

/**
 * Turns clients without a certificate away: {@code rpc.tls.mutual.mandatory} (specification 04 §8).
 * It proves nothing, since anybody can make a certificate; evidence decides as always.
 */
record MandatoryCertificate(HttpRoutes behind) implements HttpRoutes {
  @Override
  public Route route(RequestHead head, ClientConnection connection) {
    return connection.certificate().isPresent()
        ? behind.route(head, connection)
        : new Route.Immediate(HttpReply.text(403, "a client certificate is required"));
  }
}
