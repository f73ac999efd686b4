package dstack.kms.onboard.setup;

import dstack.kms.core.config.OnboardConfig;
import dstack.kms.onboard.certificates.RpcDomain;
import dstack.kms.rpc.http.HttpServer;
import dstack.kms.rpc.http.Listener;
import dstack.kms.rpc.proto.AttestationInfoResponse;
import dstack.kms.rpc.proto.BootstrapResponse;
import dstack.kms.rpc.prpc.BodyLimits;
import dstack.kms.rpc.prpc.PrpcEndpoint;
import dstack.kms.rpc.prpc.RefusalObserver;
import dstack.kms.rpc.prpc.RpcService;
import java.io.IOException;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * The plain HTTP listener of a node without keys (specification 04 §2).
 *
 * @param siteName the page's title, or empty
 * @param bootstrap makes the root keys for a domain, once
 * @param info attests this machine and says what the authority will see
 * @param complete whether every file that serving needs is there
 * @param finished tells the node that set-up is over; must return at once
 */
public record SetupListener(
    String siteName,
    Function<RpcDomain, BootstrapResponse> bootstrap,
    Supplier<AttestationInfoResponse> info,
    BooleanSupplier complete,
    Runnable finished) {

  /**
   * Starts to listen.
   *
   * @throws IOException if the address cannot be bound
   */
  public HttpServer start(OnboardConfig config) throws IOException {
    return HttpServer.start(
        Listener.plain("set-up", config.listen().socketAddress(), routes(config)));
  }

  private SetupRoutes routes(OnboardConfig config) {
    ChangeGuard guard = new ChangeGuard(config.token());
    Finish finish = new Finish(complete, finished);
    OnboardService service = new OnboardService(bootstrap, info, finish, guard);
    RpcService table = service.table();
    PrpcEndpoint endpoint = new PrpcEndpoint(table, limits(table, config), RefusalObserver.NONE);
    return new SetupRoutes(endpoint, new SetupPage(siteName), complete, guard, finish);
  }

  private static BodyLimits limits(RpcService table, OnboardConfig config) {
    return new BodyLimits(
        table.names().stream().collect(Collectors.toMap(name -> name, config.limits()::of)));
  }
}
