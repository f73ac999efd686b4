package dstack.kms.rpc.http;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;

/** Sockets of the kernel's event interface where its library loads, of the JDK elsewhere. */
public final class Transport {
  private static final boolean NATIVE = Epoll.isAvailable();

  private Transport() {}

  /** Event loops on daemon threads of that name. */
  public static EventLoopGroup newGroup(String name, int threads) {
    return new MultiThreadIoEventLoopGroup(
        threads,
        new DefaultThreadFactory(name, true),
        NATIVE ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());
  }

  static Class<? extends ServerChannel> serverChannel() {
    return NATIVE ? EpollServerSocketChannel.class : NioServerSocketChannel.class;
  }

  /** The type of client sockets that fit these event loops. */
  public static Class<? extends SocketChannel> clientChannel() {
    return NATIVE ? EpollSocketChannel.class : NioSocketChannel.class;
  }
}
