package dstack.kms.rpc.client;

import dstack.kms.core.bytes.Bytes;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.FullHttpResponse;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;

/** Hands each answer to the one call that waits for it. */
@SuppressWarnings("FutureReturnValueIgnored") // when a close fails there is nothing left to close
final class AnswerReader extends SimpleChannelInboundHandler<FullHttpResponse> {
  /**
   * One answer.
   *
   * @param status the HTTP status
   * @param body the whole body
   */
  record Reply(int status, Bytes body) {}

  private final AtomicReference<CompletableFuture<Reply>> waiting =
      new AtomicReference<>(new CompletableFuture<>());

  /** The answer to the request that is sent next. */
  CompletableFuture<Reply> expect() {
    CompletableFuture<Reply> next = new CompletableFuture<>();
    waiting.set(next);
    return next;
  }

  @Override
  protected void channelRead0(ChannelHandlerContext ctx, FullHttpResponse response) {
    Bytes body = Bytes.of(ByteBufUtil.getBytes(response.content()));
    boolean malformed = response.decoderResult().isFailure();
    if (malformed || !waiting.get().complete(new Reply(response.status().code(), body))) {
      waiting.get().completeExceptionally(new IOException("an answer that nobody asked for"));
      ctx.close();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    waiting.get().completeExceptionally(new IOException("the server closed the connection"));
    ctx.fireChannelInactive();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    waiting.get().completeExceptionally(cause);
    ctx.close();
  }
}
