package dstack.kms.rpc.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.concurrent.Future;

/**
 * Takes memory for what one client sends until its handshake is done, and closes the connection if
 * there is none. It is given back when the connection ends: the session keeps the certificates.
 *
 * <p>Counted are the bytes of the wire, so that certificates of which the last byte never comes
 * count too, and chains behind a small first certificate.
 */
@SuppressWarnings("FutureReturnValueIgnored") // when a close fails there is nothing left to close
final class HandshakeMeter extends ChannelInboundHandlerAdapter {
  private final HttpObserver observer;
  private final MemoryBudget.Share memory;
  private final Future<Channel> handshake;

  HandshakeMeter(ServerState server, Future<Channel> handshake) {
    this.observer = server.listener.observer();
    this.memory = server.handshakes.new Share();
    this.handshake = handshake;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (message instanceof ByteBuf bytes
        && !handshake.isDone()
        && !memory.grow(bytes.readableBytes())) {
      bytes.release();
      observer.certificatesRefused();
      ctx.close();
      return;
    }
    ctx.fireChannelRead(message);
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    memory.giveBack();
  }
}
