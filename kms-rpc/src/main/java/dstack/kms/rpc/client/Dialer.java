package dstack.kms.rpc.client;

import dstack.kms.core.refusal.RefusalException;
import dstack.kms.rpc.http.Transport;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Opens the connection to a server on the way that was chosen, and starts its protocol on it. */
final class Dialer {
  private final EventLoopGroup loops;
  private final ClientLimits limits;

  Dialer(EventLoopGroup loops, ClientLimits limits) {
    this.loops = loops;
    this.limits = limits;
  }

  /**
   * A channel on which the handlers of the server's protocol are at work.
   *
   * @param protocol adds those handlers
   */
  Channel dial(RpcUrl url, Route route, ChannelHandler protocol) {
    return switch (route) {
      case Route.Direct _ -> tcp(url.host(), url.port(), url.authority(), protocol);
      case Route.Socket socket -> vsock(socket.port(), protocol);
      case Route.Proxy proxy -> tunnel(url, proxy, protocol);
    };
  }

  private Channel tunnel(RpcUrl url, Route.Proxy proxy, ChannelHandler protocol) {
    Tunnel tunnel = new Tunnel(url.hostAndPort(), proxy.credentials(), protocol);
    Channel channel =
        switch (proxy.hop()) {
          case Route.Hop.Tcp tcp -> tcp(tcp.host(), tcp.port(), "the proxy " + tcp, tunnel);
          case Route.Hop.Vsock vsock -> vsock(vsock.port(), tunnel);
        };
    await(tunnel, channel, proxy.hop());
    return channel;
  }

  private Channel tcp(String host, int port, String shown, ChannelHandler first) {
    ChannelFuture connecting =
        new Bootstrap()
            .group(loops)
            .channel(Transport.clientChannel())
            .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) limits.connect().toMillis())
            .option(ChannelOption.TCP_NODELAY, true)
            .handler(first)
            .connect(host, port)
            .awaitUninterruptibly();
    if (!connecting.isSuccess()) {
      throw RefusalException.causedBy(
          ClientRefusal.UNREACHABLE, "cannot connect to " + shown, connecting.cause());
    }
    return connecting.channel();
  }

  private Channel vsock(Route.VsockPort port, ChannelHandler first) {
    Channel channel = VsockChannel.connected(port);
    channel.pipeline().addLast(first);
    ChannelFuture registered = loops.register(channel).awaitUninterruptibly();
    if (!registered.isSuccess()) {
      throw RefusalException.causedBy(
          ClientRefusal.UNREACHABLE, "cannot connect to " + port, registered.cause());
    }
    return channel;
  }

  private void await(Tunnel tunnel, Channel channel, Route.Hop hop) {
    try {
      tunnel.established().get(limits.handshake().toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw failed(channel, hop, e);
    } catch (TimeoutException e) {
      throw failed(channel, hop, e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof Tunnel.ProxyAnswer said) {
        channel.close().awaitUninterruptibly();
        throw new RefusalException(
            ClientRefusal.PROXY_REFUSED,
            "the proxy " + hop + " opens no tunnel: " + said.getMessage());
      }
      throw failed(channel, hop, e.getCause() == null ? e : e.getCause());
    }
  }

  private static RefusalException failed(Channel channel, Route.Hop hop, Throwable cause) {
    channel.close().awaitUninterruptibly();
    return RefusalException.causedBy(
        ClientRefusal.UNREACHABLE, "no answer from the proxy " + hop, cause);
  }
}
