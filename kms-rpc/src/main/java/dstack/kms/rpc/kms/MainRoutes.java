package dstack.kms.rpc.kms;

import dstack.kms.rpc.http.ClientConnection;
import dstack.kms.rpc.http.HttpReply;
import dstack.kms.rpc.http.HttpRoutes;
import dstack.kms.rpc.http.RequestHead;
import dstack.kms.rpc.http.Route;
import dstack.kms.rpc.prpc.PrpcEndpoint;
import java.util.Optional;
import java.util.function.Supplier;

/** The routes of the main listener (specification 01 §1). */
public final class MainRoutes implements HttpRoutes {
  private final PrpcEndpoint endpoint;
  private final Optional<Supplier<HttpReply>> metrics;

  /**
   * @param endpoint serves the KMS service
   * @param metrics answers with the metrics; empty if they are switched off
   */
  public MainRoutes(PrpcEndpoint endpoint, Optional<Supplier<HttpReply>> metrics) {
    this.endpoint = endpoint;
    this.metrics = metrics;
  }

  @Override
  public Route route(RequestHead head, ClientConnection connection) {
    return endpoint.route(head).orElseGet(() -> new Route.Immediate(other(head)));
  }

  private HttpReply other(RequestHead head) {
    if (head.verb().isGet() && head.path().equals("/health")) {
      return HttpReply.text(200, "OK");
    }
    if (head.verb().isGet() && head.path().equals("/metrics") && metrics.isPresent()) {
      return metrics.get().get();
    }
    return HttpReply.notFound();
  }
}
