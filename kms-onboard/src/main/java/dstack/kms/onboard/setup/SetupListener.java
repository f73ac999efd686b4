package dstack.kms.onboard.setup;

import dstack.kms.core.config.OnboardConfig;
import dstack.kms.onboard.progress.Progress;
import dstack.kms.rpc.http.HttpServer;
import dstack.kms.rpc.http.Listener;
import dstack.kms.rpc.metrics.NodeMetrics;
import dstack.kms.rpc.prpc.PrpcEndpoint;
import java.io.IOException;

/**
 * The plain HTTP listener of a node without keys (specification 04 §2).
 *
 * @param siteName the page's title, or empty
 * @param node does what is asked
 * @param metrics counts requests and refusals
 */
public record SetupListener(String siteName, SetupProcedures node, NodeMetrics metrics) {

  /**
   * Starts to listen.
   *
   * @throws IOException if the address cannot be bound
   */
  public HttpServer start(OnboardConfig config) throws IOException {
    return HttpServer.start(
        Listener.plain("set-up", config.listen().socketAddress(), routes(config))
            .observedBy(metrics.listener("setup")));
  }

  private SetupRoutes routes(OnboardConfig config) {
    ChangeGuard guard = new ChangeGuard(config.token());
    Finish finish = new Finish(node::complete, node::finished);
    OnboardService service = new OnboardService(node, finish, guard, Progress.unwatched());
    PrpcEndpoint endpoint = new PrpcEndpoint(service.table(), config.limits()::of, metrics);
    return new SetupRoutes(endpoint, new SetupPage(siteName), node::complete, guard, finish);
  }
}
