package dstack.kms.onboard.node;

import dstack.kms.core.config.AdminConfig;
import dstack.kms.onboard.backup.BackupMethod;
import dstack.kms.rpc.admin.AdminRoutes;
import dstack.kms.rpc.admin.AdminService;
import dstack.kms.rpc.admin.ImageCache;
import dstack.kms.rpc.http.HttpReply;
import dstack.kms.rpc.http.HttpRoutes;
import dstack.kms.rpc.http.Listener;
import dstack.kms.rpc.http.Route;
import dstack.kms.rpc.metrics.NodeMetrics;
import dstack.kms.rpc.prpc.PrpcEndpoint;
import java.util.List;
import java.util.Optional;

/** Wires the operators' listener (specification 01 §7). */
final class AdminListener {
  private AdminListener() {}

  /** What it answers with, if it is enabled; refuses credentials that cannot be read. */
  static Optional<HttpRoutes> routes(NodeParts parts, NodeMetrics metrics) {
    AdminConfig admin = parts.config().admin();
    if (!admin.enabled()) {
      return Optional.empty();
    }
    AdminService service =
        new AdminService(
            new ImageCache(parts.config().image().cacheDir()),
            List.of(BackupMethod.of(parts.backup())));
    PrpcEndpoint endpoint = new PrpcEndpoint(service.service(), admin.limits()::of, metrics);
    HttpRoutes behind =
        (head, _) ->
            endpoint.route(head).orElseGet(() -> new Route.Immediate(HttpReply.notFound()));
    return Optional.of(new AdminRoutes(admin, parts.context().clock(), behind, metrics));
  }

  /** The listener for these routes. */
  static Listener over(AdminConfig admin, HttpRoutes routes, NodeMetrics metrics) {
    return Listener.plain("admin", admin.listen().socketAddress(), routes)
        .observedBy(metrics.listener("admin"));
  }
}
