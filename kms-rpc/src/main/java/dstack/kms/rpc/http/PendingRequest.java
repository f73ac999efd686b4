package dstack.kms.rpc.http;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.trace.RequestScope;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import org.jspecify.annotations.Nullable;

/** One request from its head until its answer is written. Touched on its event loop only. */
final class PendingRequest {
  private static final long KEPT_ALIVE_REST = 64 << 10;

  final RequestScope scope;
  final RequestHead head;
  final long started = System.nanoTime();
  final boolean keepAlive;
  final boolean expectsContinue;
  final long declared;
  private final MemoryBudget.Share memory;
  private ByteBuf body = Unpooled.buffer(256);
  private Route.@Nullable Handled route;
  private @Nullable Thread thread;
  boolean inputDone;
  boolean replied;
  long discarded;
  boolean goesOn;
  private boolean handled;

  PendingRequest(RequestScope scope, HttpRequest request, MemoryBudget.Share memory) {
    this.scope = scope;
    this.memory = memory;
    this.head = new RequestHead(request);
    this.keepAlive = HttpUtil.isKeepAlive(request);
    this.expectsContinue = HttpUtil.is100ContinueExpected(request);
    this.declared = declaredLength(request);
  }

  /** The declared length; -1 for a chunked body or an undecodable request. */
  private static long declaredLength(HttpRequest request) {
    if (request.decoderResult().isFailure() || HttpUtil.isTransferEncodingChunked(request)) {
      return -1;
    }
    return HttpUtil.getContentLength(request, 0L);
  }

  void takenBy(Route.Handled handled) {
    route = handled;
  }

  Route.@Nullable Handled route() {
    return route;
  }

  String label() {
    return route == null ? "" : route.label();
  }

  void handledBy(Thread virtual) {
    thread = virtual;
  }

  void interrupt() {
    if (thread != null) {
      thread.interrupt();
    }
  }

  /** Takes over a part of the body; false if there is no memory for it. */
  boolean append(ByteBuf content) {
    if (!memory.grow(content.readableBytes())) {
      return false;
    }
    body.writeBytes(content);
    return true;
  }

  long received() {
    return body.readableBytes();
  }

  /** Hands the body to a handler; its memory stays taken until {@link #handlerDone}. */
  Bytes takeBody() {
    Bytes taken =
        Bytes.of(body.array(), body.arrayOffset(), body.arrayOffset() + body.readableBytes());
    body = Unpooled.EMPTY_BUFFER;
    handled = true;
    return taken;
  }

  /** The handler has ended, perhaps long after the client was answered or went away. */
  void handlerDone() {
    memory.giveBack();
  }

  /** The connection lets go of the request, which a handler may still hold. */
  void forgotten() {
    if (!handled) {
      memory.giveBack();
    }
  }

  /** Whether the connection can go on after an answer before the whole body was there. */
  boolean canOutliveEarlyAnswer() {
    return inputDone || (declared >= 0 && declared <= KEPT_ALIVE_REST && !expectsContinue);
  }
}
