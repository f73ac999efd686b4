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
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the set-up listener serves (specification 01 §1). */
final class SetupRoutes implements HttpRoutes {
  private static final Logger log = LoggerFactory.getLogger(SetupRoutes.class);
  private static final int REFUSED = 400;
  private static final long SMALL_BODY = 1024;

  private final PrpcEndpoint endpoint;
  private final SetupPage page;
  private final BooleanSupplier complete;
  private final ChangeGuard guard;
  private final Finish finish;

  SetupRoutes(
      PrpcEndpoint endpoint,
      SetupPage page,
      BooleanSupplier complete,
      ChangeGuard guard,
      Finish finish) {
    this.endpoint = endpoint;
    this.page = page;
    this.complete = complete;
    this.guard = guard;
    this.finish = finish;
  }

  @Override
  public Route route(RequestHead head, ClientConnection connection) {
    return endpoint.route(head).orElseGet(() -> plain(head));
  }

  private Route plain(RequestHead head) {
    if (!head.verb().isGet()) {
      return new Route.Immediate(HttpReply.notFound());
    }
    return switch (head.path()) {
      case "/" -> handled("page", _ -> page.reply(complete.getAsBoolean()));
      case "/finish" -> handled("finish", this::finish);
      case "/health" -> new Route.Immediate(HttpReply.text(200, "OK"));
      default -> new Route.Immediate(HttpReply.notFound());
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
      guard.check(exchange.head());
      finish.run();
      return HttpReply.text(200, "OK");
    } catch (RefusalException e) {
      log.warn("finish refused [{}] {} ({})", e.code().code(), e.text(), e.detail());
      return HttpReply.text(REFUSED, e.text());
    }
  }
}
