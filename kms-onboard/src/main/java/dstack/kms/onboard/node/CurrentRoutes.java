package dstack.kms.onboard.node;

import dstack.kms.rpc.http.ClientConnection;
import dstack.kms.rpc.http.HttpExchange;
import dstack.kms.rpc.http.HttpReply;
import dstack.kms.rpc.http.HttpRoutes;
import dstack.kms.rpc.http.RequestHead;
import dstack.kms.rpc.http.Route;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The routes of whichever generation is current when a request is complete; until then of the one
 * that its head found.
 *
 * @param current the generation
 * @param which of its routes
 */
record CurrentRoutes(Supplier<Generation> current, Function<Generation, HttpRoutes> which)
    implements HttpRoutes {
  @Override
  public Route route(RequestHead head, ClientConnection connection) {
    Generation generation = current.get();
    return switch (which.apply(generation).route(head, connection)) {
      case Route.Immediate reply -> reply;
      case Route.Handled handled ->
          new Route.Handled(
              handled.label(),
              handled.bodyLimit(),
              call -> answer(generation, handled, call),
              handled.errors());
    };
  }

  private HttpReply answer(Generation generation, Route.Handled handled, HttpExchange call) {
    // While another request runs in it, a generation that was replaced could still be entered.
    if (generation != current.get() || !generation.enter()) {
      return anew(call);
    }
    try {
      return handled.handler().answer(call);
    } finally {
      generation.leave();
    }
  }

  /** The body took so long that other parts took over: the request goes to those. */
  private HttpReply anew(HttpExchange call) {
    return switch (route(call.head(), call.connection())) {
      case Route.Immediate(HttpReply reply) -> reply;
      case Route.Handled handled -> handled.handler().answer(call);
    };
  }
}
