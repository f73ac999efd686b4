package dstack.kms.rpc.client;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.FullHttpResponse;
import java.io.IOException;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;

/** Hands each answer to the one call that waits for it. */
@SuppressWarnings("FutureReturnValueIgnored") // when a close fails there is nothing left to close
final class AnswerReader extends SimpleChannelInboundHandler<FullHttpResponse> {
  /** One answer; closing wipes it, because it may hold keys. */
  static final class Reply implements AutoCloseable {
    private final int status;
    private final byte[] body;

    private Reply(int status, byte[] body) {
      this.status = status;
      this.body = body;
    }

    /** The HTTP status. */
    int status() {
      return status;
    }

    /** The whole body, until this is closed. */
    byte[] body() {
      return body;
    }

    @Override
    public void close() {
      Arrays.fill(body, (byte) 0);
    }
  }

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
    ByteBuf content = response.content();
    byte[] body = ByteBufUtil.getBytes(content);
    if (!content.isReadOnly()) {
      content.setZero(content.readerIndex(), content.readableBytes());
    }
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
