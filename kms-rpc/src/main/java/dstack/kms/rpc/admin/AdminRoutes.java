package dstack.kms.rpc.admin;

import dstack.kms.core.config.AdminConfig;
import dstack.kms.rpc.http.ClientConnection;
import dstack.kms.rpc.http.ErrorReplies;
import dstack.kms.rpc.http.ForeignPage;
import dstack.kms.rpc.http.HttpExchange;
import dstack.kms.rpc.http.HttpReply;
import dstack.kms.rpc.http.HttpRoutes;
import dstack.kms.rpc.http.ReplyBody;
import dstack.kms.rpc.http.RequestHead;
import dstack.kms.rpc.http.Route;
import dstack.kms.rpc.prpc.RefusalObserver;
import dstack.kms.rpc.prpc.RpcRefusal;
import dstack.kms.rpc.throttle.FailureThrottle;
import java.time.InstantSource;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Authenticates every request of the admin listener, whatever its path, before it is routed.
 *
 * <p>A browser that knows the password shows it for any page. What it sends for another site's page
 * is therefore refused, and before any password is looked at: such pages can neither use it, nor
 * try others, nor lock the operator out with wrong ones.
 */
public final class AdminRoutes implements HttpRoutes {
  private static final Logger log = LoggerFactory.getLogger(AdminRoutes.class);
  private static final String LABEL = "admin";

  /** What is read and thrown away while a password for a path that does not exist is verified. */
  private static final long UNREAD_BODY = 1 << 20;

  private final AdminAuthenticator authenticator;
  private final FailureThrottle throttle;
  private final HttpRoutes behind;
  private final RefusalObserver observer;

  /**
   * @param behind what authenticated requests reach
   * @param observer is told of requests from other sites' pages
   * @throws dstack.kms.core.refusal.RefusalException if the htpasswd file is not usable
   */
  public AdminRoutes(
      AdminConfig config, InstantSource clock, HttpRoutes behind, RefusalObserver observer) {
    this.authenticator = new AdminAuthenticator(config);
    this.throttle = new FailureThrottle(clock);
    this.behind = behind;
    this.observer = observer;
  }

  @Override
  public Route route(RequestHead head, ClientConnection connection) {
    String address = FailureThrottle.addressOf(connection);
    Optional<String> foreign = ForeignPage.shownBy(head);
    if (foreign.isPresent()) {
      return new Route.Immediate(refuseForeign(address, foreign.get()));
    }
    if (throttle.locks(address)) {
      return new Route.Immediate(lockedOut());
    }
    return switch (authenticator.judge(head)) {
      case Attempt.Accepted() -> {
        throttle.succeeded(address);
        yield behind.route(head, connection);
      }
      case Attempt.Rejected() -> new Route.Immediate(reject(address));
      case Attempt.Password password ->
          afterPassword(password, address, behind.route(head, connection));
    };
  }

  /** The same route with bcrypt before it, off the event loop. */
  private Route afterPassword(Attempt.Password password, String address, Route route) {
    return switch (route) {
      case Route.Immediate(HttpReply reply) ->
          new Route.Handled(
              LABEL,
              UNREAD_BODY,
              _ -> verifies(password, address) ? reply : reject(address),
              ErrorReplies.PLAIN);
      case Route.Handled handled ->
          new Route.Handled(
              handled.label(),
              handled.bodyLimit(),
              call -> answer(password, address, handled, call),
              handled.errors());
    };
  }

  private HttpReply answer(
      Attempt.Password password, String address, Route.Handled handled, HttpExchange call) {
    return verifies(password, address) ? handled.handler().answer(call) : reject(address);
  }

  private boolean verifies(Attempt.Password password, String address) {
    boolean right = !throttle.locks(address) && authenticator.verifies(password);
    if (right) {
      throttle.succeeded(address);
    }
    return right;
  }

  private HttpReply reject(String address) {
    throttle.failed(address);
    log.warn("admin request from {} rejected: no valid credentials", address);
    return HttpReply.of(401, "", ReplyBody.of(""))
        .with("WWW-Authenticate", "Basic realm=\"dstack-kms admin\"");
  }

  private HttpReply refuseForeign(String address, String shown) {
    observer.refused(LABEL, RpcRefusal.FOREIGN_ORIGIN);
    log.warn(
        "admin request from {} refused: a browser sent it for another site's page ({})",
        address,
        shown);
    return HttpReply.text(403, "admin calls are not accepted from pages of another origin\n");
  }

  private static HttpReply lockedOut() {
    return HttpReply.text(429, "too many failed attempts\n")
        .with("Retry-After", String.valueOf(FailureThrottle.WINDOW.toSeconds()));
  }
}
