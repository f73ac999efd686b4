package dstack.kms.sim.agent;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.sim.platform.SimulatedGuest;
import dstack.kms.sim.platform.SimulatedIdentity;
import dstack.kms.sim.platform.SimulatedPlatform;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.Channels;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The agent's socket, open until it is closed. */
public final class AgentSocket implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(AgentSocket.class);
  private static final int MAX_CONNECTIONS = 64;
  private static final int DEADLINE_SECONDS = 30;

  private final Path path;
  private final ServerSocketChannel listener;
  private final AgentMethods methods;
  private final Set<SocketChannel> open = ConcurrentHashMap.newKeySet();
  private final Semaphore free = new Semaphore(MAX_CONNECTIONS);
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final ScheduledExecutorService deadlines =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("sim-agent-deadlines").factory());

  private AgentSocket(Path path, ServerSocketChannel listener, SimulatedGuest guest) {
    this.path = path;
    this.listener = listener;
    methods = new AgentMethods(guest);
  }

  /** Boots the guest and answers for it at that path. */
  public static AgentSocket serve(Path path, SimulatedPlatform platform, SimulatedIdentity identity)
      throws IOException {
    return serve(path, platform.boot(identity));
  }

  /**
   * Answers for the guest at that path. A socket that nobody answers at is taken over.
   *
   * @throws IOException if something else is there, or the path is longer than sockets allow
   */
  public static AgentSocket serve(Path path, SimulatedGuest guest) throws IOException {
    UnixDomainSocketAddress address = UnixDomainSocketAddress.of(path);
    removeAbandoned(path, address);
    ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    try {
      listener.bind(address);
    } catch (IOException e) {
      listener.close();
      throw new IOException("cannot listen at " + path + ": " + e.getMessage(), e);
    }
    AgentSocket socket = new AgentSocket(path, listener, guest);
    socket.threads.execute(socket::accept);
    return socket;
  }

  /** Where it listens, in the form that {@code core.agent_address} takes. */
  public String address() {
    return "unix:" + path.toAbsolutePath();
  }

  @Override
  public void close() throws IOException {
    listener.close();
    for (SocketChannel connection : open) {
      connection.close();
    }
    threads.close();
    deadlines.shutdownNow();
    Files.deleteIfExists(path);
  }

  private static void removeAbandoned(Path path, UnixDomainSocketAddress address)
      throws IOException {
    boolean somethingElse =
        Files.exists(path) && (Files.isRegularFile(path) || Files.isDirectory(path));
    if (somethingElse || isAnswering(address)) {
      throw new IOException(path + " is in use");
    }
    Files.deleteIfExists(path);
  }

  private static boolean isAnswering(UnixDomainSocketAddress address) {
    try (SocketChannel probe = SocketChannel.open(address)) {
      return probe.isConnected();
    } catch (IOException e) {
      return false;
    }
  }

  private void accept() {
    try {
      while (true) {
        free.acquire();
        SocketChannel connection = listener.accept();
        start(connection);
      }
    } catch (ClosedChannelException e) {
      LOG.debug("agent socket closed", e);
    } catch (IOException | InterruptedException e) {
      LOG.error("agent socket no longer accepts connections", e);
    }
  }

  /** A connection that comes in while the socket closes is closed with it. */
  private void start(SocketChannel connection) throws IOException {
    open.add(connection);
    try {
      if (listener.isOpen()) {
        threads.execute(() -> converse(connection));
        return;
      }
    } catch (RejectedExecutionException e) {
      LOG.debug("connection came too late", e);
    }
    connection.close();
  }

  private void converse(SocketChannel connection) {
    try (connection) {
      HttpRequestReader reader = new HttpRequestReader(Channels.newInputStream(connection));
      boolean more = true;
      while (more) {
        ScheduledFuture<?> deadline = deadline(connection);
        more = answerNext(reader, connection);
        deadline.cancel(false);
      }
    } catch (AsynchronousCloseException e) {
      LOG.debug("connection closed by deadline or shutdown", e);
    } catch (IOException e) {
      LOG.debug("connection lost", e);
    } catch (RuntimeException e) {
      LOG.error("agent failed to answer", e);
    } finally {
      open.remove(connection);
      free.release();
    }
  }

  private boolean answerNext(HttpRequestReader reader, SocketChannel connection)
      throws IOException {
    try {
      Optional<HttpRequest> request = reader.next();
      if (request.isEmpty()) {
        return false;
      }
      boolean lastOne = request.get().lastOne();
      send(connection, methods.answer(request.get()).wire(lastOne));
      return !lastOne;
    } catch (BadFraming e) {
      send(connection, HttpAnswer.plain(e.status(), e.getMessage() + "\n").wire(true));
      return false;
    }
  }

  private ScheduledFuture<?> deadline(SocketChannel connection) {
    return deadlines.schedule(
        () -> {
          connection.close();
          return connection;
        },
        DEADLINE_SECONDS,
        TimeUnit.SECONDS);
  }

  private static void send(SocketChannel connection, Bytes answer) throws IOException {
    ByteBuffer rest = answer.buffer();
    while (rest.hasRemaining()) {
      connection.write(rest);
    }
  }
}
