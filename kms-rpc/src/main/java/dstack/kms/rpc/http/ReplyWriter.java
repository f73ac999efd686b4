package dstack.kms.rpc.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import java.util.Map;

/** Turns an answer into bytes on the wire and wipes its body. */
@SuppressWarnings("FutureReturnValueIgnored") // its listener closes on failure
final class ReplyWriter {
  private final Map<String, String> fixedHeaders;

  ReplyWriter(Map<String, String> fixedHeaders) {
    this.fixedHeaders = fixedHeaders;
  }

  /** Tells a client that waits with its body to go on. */
  static void writeContinue(ChannelHandlerContext ctx) {
    ctx.writeAndFlush(
            new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.CONTINUE))
        .addListener(io.netty.channel.ChannelFutureListener.CLOSE_ON_FAILURE);
  }

  /** Writes the answer; the buffer that held it is wiped when it has left. */
  ChannelFuture write(
      ChannelHandlerContext ctx, HttpReply reply, boolean withoutBody, boolean keepAlive) {
    int length = reply.body().length();
    ByteBuf content = withoutBody ? Unpooled.EMPTY_BUFFER : filled(ctx, reply.body());
    reply.body().close();
    FullHttpResponse response =
        new DefaultFullHttpResponse(
            HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(reply.status()), content);
    fixedHeaders.forEach(response.headers()::set);
    reply.headers().forEach(response.headers()::set);
    if (!reply.contentType().isEmpty()) {
      response.headers().set(HttpHeaderNames.CONTENT_TYPE, reply.contentType());
    }
    response.headers().set(HttpHeaderNames.CONTENT_LENGTH, length);
    response.headers().set("x-content-type-options", "nosniff");
    if (!keepAlive) {
      response.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
    }
    content.retain();
    return ctx.writeAndFlush(response).addListener(_ -> wipe(content));
  }

  private static ByteBuf filled(ChannelHandlerContext ctx, ReplyBody body) {
    ByteBuf content = ctx.alloc().buffer(body.length());
    body.copyInto(content);
    return content;
  }

  private static void wipe(ByteBuf content) {
    content.setZero(0, content.capacity());
    content.release();
  }
}
