package dstack.kms.rpc.limit;

import dstack.kms.core.config.LimitsConfig;
import dstack.kms.rpc.http.ClientConnection;
import dstack.kms.rpc.http.ClientNetwork;
import dstack.kms.rpc.http.HttpReply;
import dstack.kms.rpc.http.HttpRoutes;
import dstack.kms.rpc.http.RequestHead;
import dstack.kms.rpc.http.Route;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * Turns requests away that come too often, all together or from one address, before their body is
 * read: status 429 with {@code Retry-After}.
 *
 * <p>Only requests that a handler would take count; whatever is answered from its head alone costs
 * nothing. The address is that of the connection: headers and prologues of balancers, which anybody
 * can send, say nothing here. An IPv6 client counts by its /64, which is what one customer has.
 */
public final class LimitedRoutes implements HttpRoutes {
  private static final int ADDRESSES = 16_384;

  private final HttpRoutes routes;
  private final Optional<TokenBuckets<Limit>> total;
  private final Optional<TokenBuckets<ClientNetwork>> perAddress;
  private final Set<InetAddress> shared;
  private final LimitObserver observer;

  /**
   * @param routes what is asked for
   * @param limits how often
   * @param nanos a clock that never goes back, as {@link System#nanoTime}
   * @param observer is told of each request that is turned away
   */
  public LimitedRoutes(
      HttpRoutes routes, LimitsConfig limits, LongSupplier nanos, LimitObserver observer) {
    this.routes = routes;
    this.total = limits.total().map(rate -> new TokenBuckets<>(rate, 1, nanos));
    this.perAddress = limits.perAddress().map(rate -> new TokenBuckets<>(rate, ADDRESSES, nanos));
    this.shared = Set.copyOf(limits.sharedAddresses());
    this.observer = observer;
  }

  @Override
  public Route route(RequestHead head, ClientConnection connection) {
    Route route = routes.route(head, connection);
    if (!(route instanceof Route.Handled handled)) {
      return route;
    }
    Optional<Duration> address = ofAddress(connection.remote());
    if (address.isPresent()) {
      return refused(handled, Limit.ADDRESS, "too many requests from this address", address.get());
    }
    Optional<Duration> all = total.flatMap(buckets -> buckets.take(Limit.TOTAL));
    return all.isPresent() ? refused(handled, Limit.TOTAL, "too many requests", all.get()) : route;
  }

  private Optional<Duration> ofAddress(SocketAddress remote) {
    if (perAddress.isEmpty()
        || !(remote instanceof InetSocketAddress internet)
        || shared.contains(internet.getAddress())) {
      return Optional.empty();
    }
    return perAddress.get().take(ClientNetwork.of(internet.getAddress()));
  }

  private Route refused(Route.Handled handled, Limit which, String text, Duration wait) {
    observer.limited(which);
    long seconds = Math.max(1, wait.plusMillis(999).toSeconds());
    HttpReply answer = handled.errors().reply(429, text + ", try again in " + seconds + " s");
    return new Route.Immediate(answer.with("Retry-After", String.valueOf(seconds)));
  }
}
