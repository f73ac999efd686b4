package dstack.kms.cli.authapi;

import dstack.kms.core.authority.Authority;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.rpc.http.HttpLimits;
import dstack.kms.rpc.http.HttpServer;
import dstack.kms.rpc.http.Listener;
import dstack.kms.rpc.metrics.NodeMetrics;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;

/** A running service. Closing it lets running requests finish and then closes the authority. */
final class AuthApiServer implements AutoCloseable {
  /** Clients of this program give up after ten seconds. */
  private static final HttpLimits LIMITS =
      HttpLimits.DEFAULT
          .withConnections(1024)
          .withConcurrency(128, 256, Duration.ofSeconds(2))
          .withDeadline(Duration.ofSeconds(20))
          .withDrain(Duration.ofSeconds(10));

  private final HttpServer server;
  private final Authority authority;

  private AuthApiServer(HttpServer server, Authority authority) {
    this.server = server;
    this.authority = authority;
  }

  /**
   * Starts to serve.
   *
   * @param authority decides; closed with the service, and also if it cannot start
   */
  static AuthApiServer start(Authority authority, ServiceSettings settings) {
    NodeMetrics metrics = new NodeMetrics();
    ServiceHealth health = new ServiceHealth(authority, settings);
    health.showIn(metrics);
    Listener plain =
        Listener.plain("auth-api", settings.address(), routes(authority, settings, health, metrics))
            .within(LIMITS)
            .observedBy(metrics.listener("auth_api"));
    try {
      HttpServer server = HttpServer.start(settings.tls().map(plain::behind).orElse(plain));
      return new AuthApiServer(server, authority);
    } catch (IOException e) {
      authority.close();
      throw RefusalException.causedBy(
          AuthApiRefusal.ADDRESS, "cannot listen at " + settings.address(), e);
    }
  }

  private static AuthApiRoutes routes(
      Authority authority, ServiceSettings settings, ServiceHealth health, NodeMetrics metrics) {
    DecisionCounters counters = new DecisionCounters();
    counters.showIn(metrics);
    DecisionService service =
        new DecisionService(
            authority,
            new DecisionRecord(settings.audit(), counters),
            settings.contract(),
            settings.padding());
    return new AuthApiRoutes(
        service, new SealedAnswers(settings.signer()), health.readiness(), metrics);
  }

  /** Where it listens, with the real port. */
  InetSocketAddress address() {
    return server.address();
  }

  @Override
  public void close() {
    server.close();
    authority.close();
  }
}
