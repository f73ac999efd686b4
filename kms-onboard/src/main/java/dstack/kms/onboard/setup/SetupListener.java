package dstack.kms.onboard.setup;

import dstack.kms.core.config.OnboardConfig;
import dstack.kms.core.store.BootstrapInfo;
import dstack.kms.onboard.certificates.RpcDomain;
import dstack.kms.rpc.http.HttpServer;
import dstack.kms.rpc.http.Listener;
import dstack.kms.rpc.metrics.NodeMetrics;
import dstack.kms.rpc.proto.AttestationInfoResponse;
import dstack.kms.rpc.prpc.PrpcEndpoint;
import java.io.IOException;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The plain HTTP listener of a node without keys (specification 04 §2).
 *
 * @param siteName the page's title, or empty
 * @param bootstrap makes the root keys for a domain, once
 * @param info attests this machine and says what the authority will see
 * @param complete whether every file that serving needs is there
 * @param finished tells the node that set-up is over; must return at once
 * @param metrics counts requests and refusals
 */
public record SetupListener(
    String siteName,
    Function<RpcDomain, BootstrapInfo> bootstrap,
    Supplier<AttestationInfoResponse> info,
    BooleanSupplier complete,
    Runnable finished,
    NodeMetrics metrics) {

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
    Finish finish = new Finish(complete, finished);
    OnboardService service = new OnboardService(bootstrap, info, finish, guard);
    PrpcEndpoint endpoint = new PrpcEndpoint(service.table(), config.limits()::of, metrics);
    return new SetupRoutes(endpoint, new SetupPage(siteName), complete, guard, finish);
  }
}
