package dstack.kms.rpc.kms;

import dstack.kms.rpc.http.ClientConnection;
import dstack.kms.rpc.http.ErrorReplies;
import dstack.kms.rpc.http.HttpReply;
import dstack.kms.rpc.http.HttpRoutes;
import dstack.kms.rpc.http.RequestHead;
import dstack.kms.rpc.http.Route;
import dstack.kms.rpc.prpc.PrpcEndpoint;
import java.util.Optional;
import java.util.function.Supplier;

/** The routes of the main listener (specification 01 §1). */
public final class MainRoutes implements HttpRoutes {
  private static final long NO_BODY = 0;

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
    return endpoint.route(head).orElseGet(() -> other(head));
  }

  private Route other(RequestHead head) {
    if (head.verb().isGet() && head.path().equals("/health")) {
      return new Route.Immediate(HttpReply.text(200, "OK"));
    }
    if (head.verb().isGet() && head.path().equals("/metrics") && metrics.isPresent()) {
      Supplier<HttpReply> answer = metrics.get();
      return new Route.Handled("metrics", NO_BODY, _ -> answer.get(), ErrorReplies.PLAIN);
    }
    return new Route.Immediate(HttpReply.notFound());
  }
}
