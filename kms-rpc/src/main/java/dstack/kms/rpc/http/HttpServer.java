package dstack.kms.rpc.http;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A running listener. Closing it stops accepting, lets running requests finish, and then ends. */
@SuppressWarnings("FutureReturnValueIgnored") // waited for instead
public final class HttpServer implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(HttpServer.class);

  private final ServerState state;
  private final EventLoopGroup loops;
  private final Channel accepting;
  private final ChannelGroup connections;

  private HttpServer(
      ServerState state, EventLoopGroup loops, Channel accepting, ChannelGroup connections) {
    this.state = state;
    this.loops = loops;
    this.accepting = accepting;
    this.connections = connections;
  }

  /**
   * Starts to listen.
   *
   * @throws IOException if the address cannot be bound
   */
  public static HttpServer start(Listener listener) throws IOException {
    ServerState state = new ServerState(listener);
    ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE, true);
    int threads = Math.max(2, Runtime.getRuntime().availableProcessors());
    EventLoopGroup loops = Transport.newGroup("http-" + listener.name(), threads);
    ChannelFuture bound =
        new ServerBootstrap()
            .group(loops)
            .channel(Transport.serverChannel())
            .option(ChannelOption.SO_BACKLOG, 1024)
            .option(ChannelOption.SO_REUSEADDR, true)
            .childOption(ChannelOption.AUTO_READ, false)
            .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childHandler(new ConnectionInitializer(state, connections))
            .bind(listener.address())
            .awaitUninterruptibly();
    if (!bound.isSuccess()) {
      loops.shutdownGracefully(0, 0, TimeUnit.SECONDS).awaitUninterruptibly();
      throw new IOException("cannot listen at " + listener.address(), bound.cause());
    }
    HttpServer server = new HttpServer(state, loops, bound.channel(), connections);
    log.info("{} listens at {}", listener.name(), server.address());
    return server;
  }

  /** Where it listens, with the real port. */
  public InetSocketAddress address() {
    return (InetSocketAddress) accepting.localAddress();
  }

  /** The port it listens at. */
  public int port() {
    return address().getPort();
  }

  /** Runs this once if it stops to listen without having been closed; on an event loop thread. */
  public void whenItDies(Runnable report) {
    accepting
        .closeFuture()
        .addListener(
            _ -> {
              if (!state.isDraining()) {
                report.run();
              }
            });
  }

  /**
   * Stops: no new connections, idle ones closed, running requests answered with {@code Connection:
   * close} within the time to drain, the rest cut off. A second call does nothing.
   */
  @Override
  public void close() {
    state.drain();
    accepting.close().awaitUninterruptibly();
    for (Channel connection : connections) {
      ExchangeHandler exchange = connection.pipeline().get(ExchangeHandler.class);
      if (exchange != null) {
        connection.eventLoop().execute(exchange::drain);
      }
    }
    long drain = state.listener.limits().drain().toMillis();
    if (!connections.newCloseFuture().awaitUninterruptibly(drain)) {
      log.warn("{} cut off {} connections", state.listener.name(), connections.size());
      connections.close().awaitUninterruptibly(1_000);
    }
    loops.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly();
  }
}
