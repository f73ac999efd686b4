package dstack.kms.rpc.http;

import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.http.HttpResponseEncoder;
import io.netty.handler.ssl.SslHandler;

/** Sets up one accepted connection, or closes it if it is one too many. */
@SuppressWarnings("FutureReturnValueIgnored") // when a close fails there is nothing left to close
final class ConnectionInitializer extends ChannelInitializer<SocketChannel> {
  private final ServerState server;
  private final ChannelGroup connections;

  ConnectionInitializer(ServerState server, ChannelGroup connections) {
    this.server = server;
    this.connections = connections;
  }

  @Override
  protected void initChannel(SocketChannel channel) {
    channel.closeFuture().addListener(_ -> server.connectionClosed());
    if (!server.connectionOpened() || server.isDraining()) {
      server.listener.observer().connectionRefused();
      channel.close();
      return;
    }
    connections.add(channel);
    ChannelPipeline pipeline = channel.pipeline();
    server
        .listener
        .tls()
        .map(front -> tlsHandler(front, channel))
        .ifPresent(tls -> pipeline.addLast(new HandshakeMeter(server, tls.handshakeFuture()), tls));
    ExchangeHandler exchange = new ExchangeHandler(server);
    pipeline.addLast(
        new StrictRequestDecoder(exchange::bytesArrived), new HttpResponseEncoder(), exchange);
  }

  private SslHandler tlsHandler(TlsFront front, SocketChannel channel) {
    SslHandler handler = front.newHandler(channel.alloc());
    handler.setHandshakeTimeoutMillis(server.listener.limits().handshake().toMillis());
    handler.setCloseNotifyFlushTimeoutMillis(2_000);
    return handler;
  }
}
