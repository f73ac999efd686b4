package dstack.kms.cli.authapi;

import dstack.kms.core.answer.AnswerSigner;
import dstack.kms.core.authority.Authority;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.rpc.health.Readiness;
import dstack.kms.rpc.health.ReadyCheck;
import dstack.kms.rpc.http.HttpLimits;
import dstack.kms.rpc.http.HttpServer;
import dstack.kms.rpc.http.Listener;
import dstack.kms.rpc.http.TlsFront;
import dstack.kms.rpc.metrics.NodeMetrics;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

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
   * @param tls in front of it; empty for plain HTTP
   * @param signer signs every answer; stays its owner's
   * @param contract the policy contract's address as the caller wrote it, to be repeated so
   * @param padding whether short fields are filled up, as by the original, and not denied
   */
  static AuthApiServer start(
      Authority authority,
      InetSocketAddress address,
      Optional<TlsFront> tls,
      Optional<AnswerSigner> signer,
      Optional<String> contract,
      boolean padding) {
    NodeMetrics metrics = new NodeMetrics();
    DecisionCounters counters = new DecisionCounters();
    counters.showIn(metrics);
    DecisionService service = new DecisionService(authority, counters, contract, padding);
    AuthApiRoutes routes =
        new AuthApiRoutes(service, new SealedAnswers(signer), readiness(authority), metrics);
    Listener plain =
        Listener.plain("auth-api", address, routes)
            .within(LIMITS)
            .observedBy(metrics.listener("auth_api"));
    try {
      HttpServer server = HttpServer.start(tls.map(plain::behind).orElse(plain));
      return new AuthApiServer(server, authority);
    } catch (IOException e) {
      authority.close();
      throw RefusalException.causedBy(AuthApiRefusal.ADDRESS, "cannot listen at " + address, e);
    }
  }

  private static Readiness readiness(Authority authority) {
    Readiness readiness = new Readiness(List::of);
    readiness.add(new ReadyCheck("authority", () -> look(authority)));
    return readiness;
  }

  private static ReadyCheck.Finding look(Authority authority) {
    try {
      authority.requireAnswering();
      return ReadyCheck.Finding.good(
          authority.view().map(block -> "answers at block " + block.number()).orElse("answers"));
    } catch (RefusalException e) {
      return ReadyCheck.Finding.bad(e.text());
    }
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
