package dstack.kms.onboard.setup;

import dstack.kms.core.config.OnboardConfig;
import dstack.kms.onboard.preflight.PreflightReport;
import dstack.kms.onboard.preflight.Recent;
import dstack.kms.rpc.http.HttpServer;
import dstack.kms.rpc.http.Listener;
import dstack.kms.rpc.metrics.NodeMetrics;
import dstack.kms.rpc.prpc.PrpcEndpoint;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/**
 * The plain HTTP listener of a node without keys (specification 04 §2).
 *
 * @param node does what is asked
 * @param metrics counts requests and refusals
 * @param around what else it is given
 */
public record SetupListener(SetupProcedures node, NodeMetrics metrics, Surroundings around) {
  /** However many pages look, evidence is made and the authority is asked once in this time. */
  private static final Duration LOOK = Duration.ofSeconds(3);

  /** Verifying the evidence over the keys again tells nothing new for a while. */
  private static final Duration IDENTITY = Duration.ofSeconds(10);

  /**
   * Starts to listen.
   *
   * @throws IOException if the address cannot be bound
   */
  public HttpServer start(OnboardConfig config) throws IOException {
    return HttpServer.start(
        Listener.plain("set-up", config.listen().socketAddress(), routes(config))
            .answeringWith(PageHeaders.ALL)
            .observedBy(metrics.listener("setup")));
  }

  private SetupRoutes routes(OnboardConfig config) {
    HostRule hosts = new HostRule(config.hosts());
    TokenGate token = new TokenGate(SetupToken.of(config, around.random()), around.clock());
    Finish finish = new Finish(node::complete, node::finished);
    OnboardService service = new OnboardService(node, finish, new ChangeGuard(hosts, token));
    PrpcEndpoint endpoint = new PrpcEndpoint(service.table(), config.limits()::of, metrics);
    SetupRoutes.Ending ending =
        call -> {
          service.requireFinishing(call);
          finish.run();
        };
    return new SetupRoutes(endpoint, readings(config, token, service), ending, hosts, metrics);
  }

  private SetupRoutes.Readings readings(
      OnboardConfig config, TokenGate token, OnboardService service) {
    String title = around.siteName().isBlank() ? "dstack KMS Setup" : around.siteName();
    Recent<PreflightReport> preflight = new Recent<>(node::preflight, LOOK, around.clock());
    Recent<Optional<NodeIdentity>> identity =
        new Recent<>(node::identity, IDENTITY, around.clock());
    StatusDocument status =
        new StatusDocument(
            new StatusDocument.Sources(
                config,
                around,
                title,
                token.isNeeded(),
                service::accomplished,
                node.board()::look,
                () -> node.complete() ? identity.get() : Optional.empty(),
                () -> preflight.last().flatMap(PreflightReport::facts)));
    SetupPage page = new SetupPage(title);
    return new SetupRoutes.Readings(
        _ -> page.reply(node.complete()),
        _ -> JsonReply.of(status.now()),
        _ -> JsonReply.of(PreflightDocument.of(preflight.get())));
  }
}
