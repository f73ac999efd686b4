package dstack.kms.rpc.health;

import dstack.kms.rpc.http.ClientConnection;
import dstack.kms.rpc.http.ErrorReplies;
import dstack.kms.rpc.http.HttpReply;
import dstack.kms.rpc.http.HttpRoutes;
import dstack.kms.rpc.http.ReplyBody;
import dstack.kms.rpc.http.RequestHead;
import dstack.kms.rpc.http.Route;
import dstack.kms.rpc.metrics.NodeMetrics;
import dstack.kms.rpc.openapi.OpenApiDocument;
import java.util.function.Supplier;

/**
 * The operations listener: {@code /live}, {@code /ready}, {@code /metrics}, {@code /status} for
 * whoever compares nodes, {@code /openapi.json} and a status page for people. Everything is
 * read-only and public within the address it is bound to.
 */
public final class OperationsRoutes implements HttpRoutes {
  private static final long NO_BODY = 0;

  private final Readiness readiness;
  private final NodeMetrics metrics;
  private final StatusPage page;
  private final StatusDocument document;
  private final String openApi;

  /**
   * @param state the node's state in a few words
   * @param facts what the node says about itself, read at each question
   */
  public OperationsRoutes(
      Readiness readiness,
      NodeMetrics metrics,
      String version,
      Supplier<String> state,
      Supplier<NodeFacts> facts) {
    this.readiness = readiness;
    this.metrics = metrics;
    this.page = new StatusPage(readiness, version, state);
    this.openApi = OpenApiDocument.of(version);
    this.document = new StatusDocument(readiness, version, state, facts);
  }

  @Override
  public Route route(RequestHead head, ClientConnection connection) {
    if (!head.verb().isGet()) {
      return new Route.Immediate(HttpReply.notFound());
    }
    return switch (head.path()) {
      case "/live" -> new Route.Immediate(HttpReply.text(200, "OK"));
      case "/ready" -> handled("ready", readiness::reply);
      case "/metrics" -> handled("metrics", metrics::reply);
      case "/status" -> handled("status", document::reply);
      case "/openapi.json" ->
          handled("openapi", () -> HttpReply.of(200, HttpReply.JSON, ReplyBody.of(openApi)));
      case "/" -> handled("status", page::reply);
      default -> new Route.Immediate(HttpReply.notFound());
    };
  }

  private static Route handled(String label, Supplier<HttpReply> answer) {
    return new Route.Handled(label, NO_BODY, _ -> answer.get(), ErrorReplies.PLAIN);
  }
}
