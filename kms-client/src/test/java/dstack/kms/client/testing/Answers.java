package dstack.kms.client.testing;

import dstack.kms.rpc.http.ClientConnection;
import dstack.kms.rpc.http.HttpHandler;
import dstack.kms.rpc.http.HttpReply;
import dstack.kms.rpc.http.HttpRoutes;
import dstack.kms.rpc.http.ReplyBody;
import dstack.kms.rpc.http.RequestHead;
import dstack.kms.rpc.http.Route;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;

/** Lets a real server lie: changes what it answers, method by method. */
public final class Answers implements HttpRoutes {
  private final HttpRoutes honest;
  private final Map<String, HttpHandler> instead = new ConcurrentHashMap<>();
  private final Map<String, UnaryOperator<String>> changed = new ConcurrentHashMap<>();
  private final List<String> asked = new CopyOnWriteArrayList<>();

  Answers(HttpRoutes honest) {
    this.honest = honest;
  }

  /** What was asked, in order. */
  public List<String> asked() {
    return List.copyOf(asked);
  }

  /** From now on the text of the method's answer is changed. */
  public void change(String method, UnaryOperator<String> change) {
    changed.put(method, change);
  }

  /** From now on the method is answered with this status and text. */
  public void instead(String method, int status, String text) {
    instead.put(method, _ -> json(status, text));
  }

  /** From now on the method is answered by this. */
  public void instead(String method, HttpHandler handler) {
    instead.put(method, handler);
  }

  /** From now on the method is not known, as to older nodes. */
  public void forget(String method) {
    instead(method, 400, "{\n  \"error\": \"Service not found: " + method + "\"\n}");
  }

  @Override
  public Route route(RequestHead head, ClientConnection connection) {
    Route route = honest.route(head, connection);
    String method = head.path().substring(head.path().lastIndexOf('/') + 1);
    asked.add(method);
    return route instanceof Route.Handled handled
        ? new Route.Handled(
            handled.label(),
            handled.bodyLimit(),
            exchange ->
                instead.containsKey(method)
                    ? instead.get(method).answer(exchange)
                    : changed(method, handled.handler().answer(exchange)),
            handled.errors())
        : route;
  }

  private HttpReply changed(String method, HttpReply reply) {
    UnaryOperator<String> change = changed.get(method);
    return change == null ? reply : json(reply.status(), change.apply(reply.body().utf8Text()));
  }

  static HttpReply json(int status, String text) {
    return HttpReply.of(status, HttpReply.JSON, ReplyBody.of(text));
  }
}
