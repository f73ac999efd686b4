package dstack.kms.rpc.http;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.ReferenceCountUtil;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Hands what happens to one connection to its {@link RequestCycle}. */
@SuppressWarnings("FutureReturnValueIgnored") // when a close fails there is nothing left to close
final class ExchangeHandler extends ChannelInboundHandlerAdapter {
  private static final Logger log = LoggerFactory.getLogger(ExchangeHandler.class);

  private final ServerState server;
  private @Nullable RequestCycle cycle;
  private long opened;

  ExchangeHandler(ServerState server) {
    this.server = server;
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    opened = System.nanoTime();
    RequestCycle started = new RequestCycle(ctx, server);
    cycle = started;
    if (server.listener.tls().isEmpty()) {
      started.connected(new ClientConnection(ctx.channel().remoteAddress(), Optional.empty()));
    } else {
      started.awaitHandshake();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    if (cycle != null) {
      cycle.disconnected();
    }
    ctx.fireChannelInactive();
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event instanceof SslHandshakeCompletionEvent handshake) {
      handshakeEnded(ctx, handshake.isSuccess());
    } else if (event instanceof ChannelInputShutdownEvent
        || event instanceof SslCloseCompletionEvent) {
      if (cycle != null) {
        cycle.inputClosed();
      }
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    log.debug("connection {} failed", ctx.channel().remoteAddress(), cause);
    ctx.close();
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (cycle == null) {
      ReferenceCountUtil.release(message);
      ctx.close();
    } else {
      cycle.arrived(message);
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    if (cycle != null) {
      cycle.readComplete();
    }
  }

  /** The first bytes of a request arrived, perhaps. */
  void bytesArrived() {
    if (cycle != null) {
      cycle.bytesArrived();
    }
  }

  /** Lets go of a connection on which nothing is happening. */
  void drain() {
    if (cycle != null) {
      cycle.drain();
    }
  }

  private void handshakeEnded(ChannelHandlerContext ctx, boolean success) {
    SslHandler tls = ctx.pipeline().get(SslHandler.class);
    if (!success || tls == null || cycle == null) {
      server.listener.observer().handshakeFailed();
      ctx.close();
      return;
    }
    server.listener.observer().handshake(Duration.ofNanos(System.nanoTime() - opened));
    cycle.connected(
        new ClientConnection(
            ctx.channel().remoteAddress(),
            server.listener.tls().flatMap(front -> front.handshakeDone(tls))));
  }
}
