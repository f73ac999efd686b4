package dstack.kms.rpc.http;

import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.LastHttpContent;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The requests of one connection: one at a time, in order, each phase under its own deadline. Runs
 * on the connection's event loop only.
 */
@SuppressWarnings("FutureReturnValueIgnored") // when a close fails there is nothing left to close
final class RequestCycle {
  private static final Duration LINGER = Duration.ofSeconds(5);
  private static final long LINGER_BYTES = 16L << 20;

  private final ChannelHandlerContext ctx;
  private final ServerState server;
  private final HttpLimits limits;
  private final PhaseClock clock = new PhaseClock();
  private final MessagePump pump;
  private Phase phase = Phase.IDLE;
  private @Nullable ClientConnection connection;
  private @Nullable PendingRequest current;

  RequestCycle(ChannelHandlerContext ctx, ServerState server) {
    this.ctx = ctx;
    this.server = server;
    this.limits = server.listener.limits();
    this.pump = new MessagePump(ctx, this::message);
  }

  // ---- the connection

  /** The TLS handler keeps the handshake's own deadline; reading starts it. */
  void awaitHandshake() {
    ctx.read();
  }

  void connected(ClientConnection client) {
    connection = client;
    clock.start(ctx, limits.idle(), ctx::close);
    pump.next();
  }

  void disconnected() {
    clock.stop();
    pump.discard();
    PendingRequest abandoned = forget();
    if (abandoned != null) {
      abandoned.interrupt();
    }
  }

  /** Takes over one decoded message. */
  void arrived(Object message) {
    pump.arrived(message);
  }

  void readComplete() {
    pump.readComplete();
  }

  /** The client will send nothing more; a handshake that is not done never will be. */
  void inputClosed() {
    if (connection == null) {
      ctx.close();
    } else {
      pump.inputClosed();
    }
  }

  /** The first bytes of a request start the clock of its head. */
  void bytesArrived() {
    if (phase == Phase.IDLE) {
      phase = Phase.HEAD;
      clock.start(ctx, limits.head(), ctx::close);
    }
  }

  void drain() {
    if (phase == Phase.IDLE || phase == Phase.HEAD) {
      ctx.close();
    }
  }

  // ---- reading one request

  private void message(Object message) {
    switch (message) {
      case HttpRequest request -> head(request);
      case HttpContent content -> content(content);
      default -> throw new IllegalStateException("not HTTP: " + message.getClass());
    }
  }

  private void head(HttpRequest request) {
    PendingRequest pending =
        new PendingRequest(server.scopes.of(request.headers()), request, server.bodies.new Share());
    current = pending;
    phase = Phase.BODY;
    clock.start(ctx, limits.body(), () -> bodyLate(pending));
    Optional<HttpReply> breach = Framing.breach(request);
    if (breach.isPresent()) {
      reply(pending, breach.get(), false);
      return;
    }
    Route route = server.listener.routes().route(pending.head, Objects.requireNonNull(connection));
    switch (route) {
      case Route.Immediate immediate ->
          reply(pending, immediate.reply(), pending.canOutliveEarlyAnswer());
      case Route.Handled handled -> accept(pending, handled);
    }
  }

  private void content(HttpContent content) {
    PendingRequest pending = current;
    if (pending == null) {
      ctx.close();
    } else if (content.decoderResult().isFailure()) {
      undecodable(pending);
    } else {
      pending.inputDone = content instanceof LastHttpContent;
      if (pending.replied) {
        discard(pending, content);
      } else {
        collect(pending, Objects.requireNonNull(pending.route()), content);
      }
    }
  }

  private void accept(PendingRequest pending, Route.Handled route) {
    pending.takenBy(route);
    if (pending.declared > route.bodyLimit()) {
      tooLarge(pending, route);
      return;
    }
    if (pending.expectsContinue) {
      ReplyWriter.writeContinue(ctx);
    }
    pump.next();
  }

  private void collect(PendingRequest pending, Route.Handled route, HttpContent content) {
    int more = content.content().readableBytes();
    if (pending.received() + more > route.bodyLimit()) {
      tooLarge(pending, route);
      return;
    }
    if (!pending.append(content.content())) {
      server.listener.observer().overloaded();
      reply(pending, HandlerRun.overloaded(route, "the server is overloaded, try again"), false);
      return;
    }
    if (pending.inputDone) {
      handle(pending, route);
    } else {
      pump.next();
    }
  }

  private void handle(PendingRequest pending, Route.Handled route) {
    phase = Phase.HANDLING;
    clock.start(ctx, limits.deadline(), () -> deadlineMissed(pending, route));
    HttpExchange exchange =
        new HttpExchange(
            pending.scope, pending.head, pending.takeBody(), Objects.requireNonNull(connection));
    HandlerRun run =
        new HandlerRun(
            exchange,
            route,
            server.listener.observer(),
            answer -> {
              pending.handlerDone();
              ctx.executor().execute(() -> answered(pending, answer));
            });
    server
        .pool
        .start("request-" + pending.scope.requestId(), run)
        .ifPresentOrElse(pending::handledBy, run::turnedAway);
  }

  private void answered(PendingRequest pending, HttpReply answer) {
    if (pending != current || pending.replied) {
      answer.body().close();
    } else {
      reply(pending, answer, true);
    }
  }

  // ---- answers that the server gives itself

  private void tooLarge(PendingRequest pending, Route.Handled route) {
    HttpReply answer = route.errors().reply(400, "failed to read data: payload too large");
    reply(pending, answer, pending.canOutliveEarlyAnswer());
  }

  private void undecodable(PendingRequest pending) {
    if (pending.replied) {
      ctx.close();
    } else {
      reply(pending, Framing.badRequest(), false);
    }
  }

  private void bodyLate(PendingRequest pending) {
    if (pending == current && !pending.replied) {
      reply(pending, HttpReply.text(408, "408 Request Timeout\n"), false);
    }
  }

  private void deadlineMissed(PendingRequest pending, Route.Handled route) {
    if (pending == current && !pending.replied) {
      pending.interrupt();
      server.listener.observer().deadlineMissed();
      reply(pending, HandlerRun.overloaded(route, "the request took too long"), false);
    }
  }

  // ---- writing, and what comes after

  private void reply(PendingRequest pending, HttpReply answer, boolean mayGoOn) {
    boolean goOn = mayGoOn && pending.keepAlive && !server.isDraining();
    pending.replied = true;
    phase = Phase.WRITING;
    clock.start(ctx, limits.write(), ctx::close);
    server.report(pending, answer.status());
    server
        .writer
        .write(
            ctx,
            answer.with(RequestScopes.REQUEST_ID, pending.scope.requestId()),
            pending.head.verb() == HttpVerb.HEAD,
            goOn)
        .addListener(
            done -> ctx.executor().execute(() -> written(pending, done.isSuccess(), goOn)));
  }

  private void written(PendingRequest pending, boolean success, boolean goOn) {
    if (!success) {
      ctx.close();
    } else if (pending.inputDone) {
      finish(goOn);
    } else {
      phase = Phase.DISCARDING;
      pending.goesOn = goOn;
      clock.start(ctx, LINGER, ctx::close);
      if (!goOn) {
        OutputEnd.send(ctx);
      }
      pump.next();
    }
  }

  private void discard(PendingRequest pending, HttpContent content) {
    pending.discarded += content.content().readableBytes();
    if (pending.discarded > LINGER_BYTES) {
      ctx.close();
    } else if (pending.inputDone) {
      finish(pending.goesOn);
    } else {
      pump.next();
    }
  }

  private void finish(boolean goOn) {
    forget();
    if (!goOn || server.isDraining()) {
      ctx.close();
      return;
    }
    phase = Phase.IDLE;
    clock.start(ctx, limits.idle(), ctx::close);
    pump.next();
  }

  private @Nullable PendingRequest forget() {
    PendingRequest done = current;
    current = null;
    if (done != null) {
      done.forgotten();
    }
    return done;
  }
}
