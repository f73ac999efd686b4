package dstack.kms.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * An HTTP proxy that opens tunnels by CONNECT, at a loopback port or a Unix socket. Whatever host
 * is asked for, the tunnel leads to that port of the loopback; other ports than the allowed are
 * refused, as the host of an enclave does.
 */
public final class ConnectProxy implements AutoCloseable {
  private final ServerSocketChannel listener;
  private final Set<Integer> allowed;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final List<SocketChannel> open = new CopyOnWriteArrayList<>();
  private final List<String> heads = new CopyOnWriteArrayList<>();
  private volatile String answer = "HTTP/1.1 200 Connection established\r\nVia: 1.1 test\r\n\r\n";

  private ConnectProxy(ServerSocketChannel listener, Set<Integer> allowed) {
    this.listener = listener;
    this.allowed = Set.copyOf(allowed);
    threads.execute(this::accept);
  }

  /** At a free port of the loopback. */
  public static ConnectProxy onLoopback(Integer... allowed) {
    try {
      ServerSocketChannel listener = ServerSocketChannel.open();
      listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      return new ConnectProxy(listener, Set.of(allowed));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** At a Unix socket, which may stand for a vsock port. */
  public static ConnectProxy at(Path socket, Integer... allowed) {
    try {
      ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
      listener.bind(UnixDomainSocketAddress.of(socket));
      return new ConnectProxy(listener, Set.of(allowed));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The port that it listens at. */
  public int port() {
    try {
      SocketAddress address = listener.getLocalAddress();
      return ((InetSocketAddress) address).getPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The heads of all requests, in order. */
  public List<String> heads() {
    return List.copyOf(heads);
  }

  /** Answers every further request with this text, which opens a tunnel only if it says 200. */
  public void answerWith(String text) {
    answer = text;
  }

  @Override
  public void close() {
    try {
      listener.close();
      for (SocketChannel each : open) {
        each.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    threads.shutdownNow();
  }

  private void accept() {
    try {
      while (true) {
        SocketChannel client = listener.accept();
        open.add(client);
        threads.execute(() -> serve(client));
      }
    } catch (ClosedChannelException closed) {
      // The test is over.
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void serve(SocketChannel client) {
    try (client) {
      InputStream in = Channels.newInputStream(client);
      OutputStream out = Channels.newOutputStream(client);
      String head = head(in);
      heads.add(head);
      String target = head.split(" ", -1)[1];
      int port = Integer.parseInt(target.substring(target.lastIndexOf(':') + 1));
      if (!allowed.contains(port)) {
        out.write("HTTP/1.1 403 Forbidden\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        return;
      }
      out.write(answer.getBytes(StandardCharsets.US_ASCII));
      if (answer.contains(" 200 ")) {
        tunnel(client, port);
      }
    } catch (IOException | RuntimeException gone) {
      // Clients may go away at any time; tests look at what the client says.
    }
  }

  private void tunnel(SocketChannel client, int port) throws IOException {
    SocketChannel server =
        SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    open.add(server);
    threads.execute(() -> copy(server, client));
    copy(client, server);
  }

  private static String head(InputStream in) throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int next = in.read();
      if (next < 0) {
        throw new IOException("no head");
      }
      head.append((char) next);
    }
    return head.toString();
  }

  private static void copy(SocketChannel from, SocketChannel to) {
    try (from;
        to) {
      Channels.newInputStream(from).transferTo(Channels.newOutputStream(to));
    } catch (IOException gone) {
      // Either end may go away: then so does the other.
    }
  }
}
