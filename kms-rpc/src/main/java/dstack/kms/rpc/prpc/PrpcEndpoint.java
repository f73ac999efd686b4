package dstack.kms.rpc.prpc;

import com.google.protobuf.Message;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.rpc.http.ErrorReplies;
import dstack.kms.rpc.http.HttpExchange;
import dstack.kms.rpc.http.HttpReply;
import dstack.kms.rpc.http.HttpVerb;
import dstack.kms.rpc.http.RequestHead;
import dstack.kms.rpc.http.Route;
import dstack.kms.rpc.stage.Stage;
import java.util.Optional;
import java.util.function.ToLongFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Serves one service under {@code /prpc/}. */
public final class PrpcEndpoint {
  private static final Logger log = LoggerFactory.getLogger(PrpcEndpoint.class);
  private static final String ROOT = "/prpc/";
  private static final int REFUSED = 400;
  private static final int TOO_OFTEN = 429;

  private final RpcService service;
  private final ToLongFunction<String> limits;
  private final RefusalObserver observer;

  /**
   * Serves the service.
   *
   * @param limits the largest body in bytes by bare method name
   * @param observer is told of every refusal
   */
  public PrpcEndpoint(RpcService service, ToLongFunction<String> limits, RefusalObserver observer) {
    this.service = service;
    this.limits = limits;
    this.observer = observer;
  }

  /**
   * The route of a request to {@code /prpc/} and exactly one segment by GET, HEAD or POST; empty
   * for every other request. An unknown method is refused here, before the body is read.
   */
  public Optional<Route> route(RequestHead head) {
    boolean oneSegment =
        head.path().startsWith(ROOT) && head.path().indexOf('/', ROOT.length()) < 0;
    if (!oneSegment || head.verb() == HttpVerb.OTHER) {
      return Optional.empty();
    }
    String segment = head.path().substring(ROOT.length());
    String name = service.bareName(PercentCoding.decode(segment).orElse(segment));
    QueryString query = QueryString.parse(head.query());
    Encoding encoding = Encoding.of(head.verb().isGet(), query, head.mediaType());
    return Optional.of(
        service
            .method(name)
            .map(method -> route(method, head, query, encoding))
            .orElseGet(() -> refuse(encoding, "Service not found: " + name)));
  }

  private Route route(RpcMethod<?> method, RequestHead head, QueryString query, Encoding encoding) {
    if (method.postOnly() && head.verb() != HttpVerb.POST) {
      observer.refused(method.name(), RpcRefusal.POST_ONLY);
      return refuse(encoding, method.name() + " changes state and is answered to POST only");
    }
    ErrorReplies errors = (status, text) -> ErrorBodies.reply(encoding, status, text);
    return new Route.Handled(
        method.name(),
        limits.applyAsLong(method.name()),
        call -> answer(method, call, query, encoding),
        errors);
  }

  private static Route refuse(Encoding encoding, String text) {
    return new Route.Immediate(ErrorBodies.reply(encoding, REFUSED, text));
  }

  private HttpReply answer(
      RpcMethod<?> method, HttpExchange call, QueryString query, Encoding encoding) {
    try {
      method.before().accept(call);
      Message input = observer.timed(Stage.DECODE, () -> decoded(method, call, query, encoding));
      try (Answer answer = method.answer(call, input)) {
        return HttpReply.of(
            200,
            encoding.contentType(),
            observer.timed(Stage.ENCODE, () -> MessageCodec.write(encoding, answer.message())));
      }
    } catch (RefusalException refusal) {
      observer.refused(method.name(), refusal.code());
      log.warn(
          "request {} {} refused [{}] {} ({})",
          call.id(),
          method.name(),
          refusal.code().code(),
          refusal.text(),
          refusal.detail());
      return answerTo(refusal, encoding);
    }
  }

  private static HttpReply answerTo(RefusalException refusal, Encoding encoding) {
    return refusal
        .retryAfter()
        .map(
            wait ->
                ErrorBodies.reply(encoding, TOO_OFTEN, refusal.text())
                    .with("Retry-After", String.valueOf(Math.max(1, wait.toSeconds()))))
        .orElseGet(() -> ErrorBodies.reply(encoding, REFUSED, refusal.text()));
  }

  private static Message decoded(
      RpcMethod<?> method, HttpExchange call, QueryString query, Encoding encoding) {
    return call.head().verb().isGet()
        ? MessageCodec.read(query, method.request())
        : MessageCodec.read(encoding, call.body(), method.request());
  }
}
