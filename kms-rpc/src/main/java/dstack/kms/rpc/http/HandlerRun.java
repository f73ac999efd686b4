package dstack.kms.rpc.http;

import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The request boundary: runs one handler and always delivers exactly one answer. */
final class HandlerRun implements HandlerPool.Work {
  private static final Logger log = LoggerFactory.getLogger(HandlerRun.class);

  private final HttpExchange exchange;
  private final Route.Handled route;
  private final HttpObserver observer;
  private final Consumer<HttpReply> deliver;

  HandlerRun(
      HttpExchange exchange,
      Route.Handled route,
      HttpObserver observer,
      Consumer<HttpReply> deliver) {
    this.exchange = exchange;
    this.route = route;
    this.observer = observer;
    this.deliver = deliver;
  }

  @Override
  public void run() {
    deliver.accept(exchange.scope().call(this::answer));
  }

  /** No place was free in time. */
  @Override
  public void turnedAway() {
    observer.overloaded();
    deliver.accept(overloaded(route, "the server is overloaded, try again"));
  }

  /** The answer of a server that cannot do it now: 503 with {@code Retry-After}. */
  static HttpReply overloaded(Route.Handled route, String text) {
    return route.errors().reply(503, text).with("Retry-After", "1");
  }

  private HttpReply answer() {
    try {
      return route.handler().answer(exchange);
    } catch (RuntimeException | Error bug) {
      // The request boundary: a bug must not take the thread down silently or show itself outside.
      log.error("request {} {} failed", exchange.id(), route.label(), bug);
      return route.errors().reply(500, "internal error");
    }
  }
}
