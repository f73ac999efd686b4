package dstack.kms.onboard.setup;

import dstack.kms.core.refusal.RefusalException;
import dstack.kms.rpc.http.ClientConnection;
import dstack.kms.rpc.http.ErrorReplies;
import dstack.kms.rpc.http.HttpExchange;
import dstack.kms.rpc.http.HttpHandler;
import dstack.kms.rpc.http.HttpReply;
import dstack.kms.rpc.http.HttpRoutes;
import dstack.kms.rpc.http.HttpVerb;
import dstack.kms.rpc.http.RequestHead;
import dstack.kms.rpc.http.Route;
import dstack.kms.rpc.prpc.PrpcEndpoint;
import dstack.kms.rpc.prpc.RefusalObserver;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the set-up listener serves (specification 01 §1). */
final class SetupRoutes implements HttpRoutes {
  private static final Logger log = LoggerFactory.getLogger(SetupRoutes.class);
  private static final int REFUSED = 400;
  private static final int MISDIRECTED = 421;
  private static final long SMALL_BODY = 1024;

  private final PrpcEndpoint endpoint;
  private final PageFiles files = new PageFiles();
  private final Readings readings;
  private final Ending ending;
  private final HostRule hosts;
  private final RefusalObserver observer;

  /**
   * What can be read beside the service.
   *
   * @param page for people
   * @param status of the set-up
   * @param preflight what stands in its way
   */
  record Readings(HttpHandler page, HttpHandler status, HttpHandler preflight) {}

  /** Ends set-up for that call, or refuses. */
  @FunctionalInterface
  interface Ending {
    void end(HttpExchange call);
  }

  SetupRoutes(
      PrpcEndpoint endpoint,
      Readings readings,
      Ending ending,
      HostRule hosts,
      RefusalObserver observer) {
    this.endpoint = endpoint;
    this.readings = readings;
    this.ending = ending;
    this.hosts = hosts;
    this.observer = observer;
  }

  @Override
  public Route route(RequestHead head, ClientConnection connection) {
    if (hosts.turnsAway(head)) {
      observer.refused("none", SetupRefusal.FOREIGN_HOST);
      return new Route.Immediate(
          HttpReply.text(MISDIRECTED, "this name is not one of core.onboard.hosts\n"));
    }
    return endpoint.route(head).orElseGet(() -> plain(head));
  }

  private Route plain(RequestHead head) {
    if (!head.verb().isGet()) {
      return new Route.Immediate(HttpReply.notFound());
    }
    return switch (head.path()) {
      case "/" -> handled("page", readings.page());
      case "/setup/status" -> handled("status", readings.status());
      case "/setup/preflight" -> handled("preflight", readings.preflight());
      case "/finish" -> handled("finish", this::finish);
      case "/health" -> new Route.Immediate(HttpReply.text(200, "OK"));
      default -> new Route.Immediate(files.at(head.path()).orElseGet(HttpReply::notFound));
    };
  }

  private static Route handled(String label, HttpHandler handler) {
    return new Route.Handled(label, SMALL_BODY, handler, ErrorReplies.PLAIN);
  }

  /** The one change by GET, because the published guide asks for it so. HEAD changes nothing. */
  private HttpReply finish(HttpExchange exchange) {
    try {
      if (exchange.head().verb() != HttpVerb.GET) {
        throw new RefusalException(SetupRefusal.GET_ONLY, "only GET /finish ends the set-up");
      }
      ending.end(exchange);
      return HttpReply.text(200, "OK");
    } catch (RefusalException e) {
      observer.refused("finish", e.code());
      log.warn("finish refused [{}] {} ({})", e.code().code(), e.text(), e.detail());
      return HttpReply.text(REFUSED, e.text());
    }
  }
}
