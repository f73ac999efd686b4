package dstack.kms.onboard.replication;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** Stands between a node and its source: chooses for each connection where it goes and how far. */
final class Proxy implements AutoCloseable {
  /**
   * What becomes of one connection.
   *
   * @param port where it goes; 0 to hang up at once
   * @param bytes how many bytes of the server's come back before it is cut
   */
  record Fate(int port, long bytes) {
    static Fate to(int port) {
      return new Fate(port, Long.MAX_VALUE);
    }

    static Fate hangUp() {
      return new Fate(0, 0);
    }
  }

  private final ServerSocket listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final List<Socket> open = new CopyOnWriteArrayList<>();
  private final AtomicInteger connections = new AtomicInteger();
  private final List<Fate> fates;

  /** The fates of the first connections; the last one is that of all further ones. */
  Proxy(Fate... fates) throws IOException {
    this.fates = List.of(fates);
    threads.execute(this::accept);
  }

  String url() {
    return "https://127.0.0.1:" + listener.getLocalPort();
  }

  int connections() {
    return connections.get();
  }

  @Override
  public void close() throws IOException {
    listener.close();
    for (Socket socket : open) {
      socket.close();
    }
    threads.shutdownNow();
  }

  private void accept() {
    try {
      while (!listener.isClosed()) {
        Socket client = listener.accept();
        open.add(client);
        Fate fate = fates.get(Math.min(connections.getAndIncrement(), fates.size() - 1));
        if (fate.port() == 0) {
          client.close();
        } else {
          Socket server = new Socket(InetAddress.getLoopbackAddress(), fate.port());
          open.add(server);
          threads.execute(() -> copy(client, server, Long.MAX_VALUE));
          threads.execute(() -> copy(server, client, fate.bytes()));
        }
      }
    } catch (IOException e) {
      if (!listener.isClosed()) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private static void copy(Socket from, Socket to, long most) {
    long left = most;
    try (from;
        to) {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      byte[] chunk = new byte[4096];
      int read = in.read(chunk);
      while (read >= 0 && left > 0) {
        int passed = (int) Math.min(read, left);
        out.write(chunk, 0, passed);
        left -= passed;
        read = left > 0 ? in.read(chunk) : -1;
      }
    } catch (IOException closed) {
      // Either end may go away at any time: then so does the other.
    }
  }
}
