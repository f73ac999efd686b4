package dstack.kms.cli.authapi;

import dstack.kms.rpc.health.Readiness;
import dstack.kms.rpc.http.ClientConnection;
import dstack.kms.rpc.http.ErrorReplies;
import dstack.kms.rpc.http.HttpHandler;
import dstack.kms.rpc.http.HttpReply;
import dstack.kms.rpc.http.HttpRoutes;
import dstack.kms.rpc.http.HttpVerb;
import dstack.kms.rpc.http.RequestHead;
import dstack.kms.rpc.http.Route;
import dstack.kms.rpc.metrics.NodeMetrics;

/** The three routes of the original, and the three by which operators watch a service. */
final class AuthApiRoutes implements HttpRoutes {
  private static final long BODY = 1 << 20;
  private static final int FIRST_SERVER_ERROR = 500;

  /** The original has one answer for everything that its framework refuses. */
  private static final ErrorReplies ERRORS =
      (status, _) -> AuthApiAnswers.failed(Math.max(status, FIRST_SERVER_ERROR)).reply();

  private final DecisionService service;
  private final SealedAnswers answers;
  private final Readiness readiness;
  private final NodeMetrics metrics;

  AuthApiRoutes(
      DecisionService service, SealedAnswers answers, Readiness readiness, NodeMetrics metrics) {
    this.service = service;
    this.answers = answers;
    this.readiness = readiness;
    this.metrics = metrics;
  }

  @Override
  public Route route(RequestHead head, ClientConnection connection) {
    return head.verb() == HttpVerb.POST ? post(head) : get(head);
  }

  private Route post(RequestHead head) {
    return switch (head.path()) {
      case "/bootAuth/app" -> handled("app", answers.sealing("bootAuth/app", service::app));
      case "/bootAuth/kms" -> handled("kms", answers.sealing("bootAuth/kms", service::kms));
      default -> new Route.Immediate(AuthApiAnswers.noRoute(head).reply());
    };
  }

  private Route get(RequestHead head) {
    if (!head.verb().isGet()) {
      return new Route.Immediate(AuthApiAnswers.noRoute(head).reply());
    }
    return switch (head.path()) {
      case "/" -> handled("info", answers.sealing("info", service::info));
      case "/live" -> new Route.Immediate(HttpReply.text(200, "OK"));
      case "/ready" -> handled("ready", _ -> readiness.reply());
      case "/metrics" -> handled("metrics", _ -> metrics.reply());
      default -> new Route.Immediate(AuthApiAnswers.noRoute(head).reply());
    };
  }

  private static Route handled(String label, HttpHandler handler) {
    return new Route.Handled(label, BODY, handler, ERRORS);
  }
}
