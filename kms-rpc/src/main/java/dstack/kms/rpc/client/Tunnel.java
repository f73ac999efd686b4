package dstack.kms.rpc.client;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Asks a proxy for a tunnel and hands the connection over to the handlers of the server's protocol
 * once it stands. An answer of more than 8 KiB, of another status than 2xx, or with anything behind
 * its head is a failure: the server says nothing before it was spoken to.
 */
final class Tunnel extends ByteToMessageDecoder {
  private static final int MOST = 8 << 10;
  private static final Pattern STATUS =
      Pattern.compile("HTTP/1\\.[01] ([1-5][0-9]{2})( [^\\r\\n]*)?");

  private final String request;
  private final ChannelHandler inside;
  private final CompletableFuture<Void> established = new CompletableFuture<>();

  /** A channel that was connected before becomes active once more when it is registered. */
  private boolean asked;

  /**
   * @param authority host and port of the server
   * @param credentials of the proxy
   * @param inside what goes on in the tunnel
   */
  Tunnel(String authority, Optional<String> credentials, ChannelHandler inside) {
    this.inside = inside;
    request =
        "CONNECT "
            + authority
            + " HTTP/1.1\r\nHost: "
            + authority
            + "\r\n"
            + credentials.map(Tunnel::authorization).orElse("")
            + "\r\n";
  }

  /** Completes when the tunnel stands, or with what the proxy said instead. */
  CompletableFuture<Void> established() {
    return established;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    if (ctx.channel().isActive()) {
      send(ctx);
    }
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    send(ctx);
    ctx.fireChannelActive();
  }

  @Override
  protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
    String seen = in.toString(StandardCharsets.ISO_8859_1);
    int end = seen.indexOf("\r\n\r\n");
    if (end < 0 && seen.length() <= MOST) {
      return;
    }
    in.skipBytes(in.readableBytes());
    if (end < 0 || end + 4 != seen.length()) {
      fail(ctx, "an answer that is not that of an HTTP proxy");
      return;
    }
    judge(ctx, seen.substring(0, seen.indexOf("\r\n")));
  }

  private void judge(ChannelHandlerContext ctx, String line) {
    Matcher status = STATUS.matcher(line);
    if (!status.matches()) {
      fail(ctx, "an answer that is not that of an HTTP proxy");
    } else if (status.group(1).startsWith("2")) {
      ctx.pipeline().addLast(inside);
      ctx.pipeline().remove(this);
      established.complete(null);
    } else {
      fail(ctx, "status " + status.group(1));
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) throws Exception {
    super.channelInactive(ctx);
    established.completeExceptionally(new IOException("the proxy closed the connection"));
  }

  @Override
  @SuppressWarnings("FutureReturnValueIgnored") // when a close fails there is nothing left to close
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    established.completeExceptionally(cause);
    ctx.close();
  }

  @SuppressWarnings("FutureReturnValueIgnored") // a write that fails ends the connection
  private void send(ChannelHandlerContext ctx) {
    if (asked) {
      return;
    }
    asked = true;
    ctx.writeAndFlush(Unpooled.copiedBuffer(request, StandardCharsets.ISO_8859_1));
  }

  @SuppressWarnings("FutureReturnValueIgnored") // when a close fails there is nothing left to close
  private void fail(ChannelHandlerContext ctx, String what) {
    established.completeExceptionally(new ProxyAnswer(what));
    ctx.close();
  }

  private static String authorization(String credentials) {
    String encoded =
        Base64.getEncoder().encodeToString(credentials.getBytes(StandardCharsets.UTF_8));
    return "Proxy-Authorization: Basic " + encoded + "\r\n";
  }

  /** The proxy answered, and not with a tunnel. */
  static final class ProxyAnswer extends IOException {
    private static final long serialVersionUID = 1L;

    ProxyAnswer(String what) {
      super(what);
    }
  }
}
