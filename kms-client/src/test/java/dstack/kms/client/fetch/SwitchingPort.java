package dstack.kms.client.fetch;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Leads odd connections to one server and even ones to another. */
final class SwitchingPort implements AutoCloseable {
  private final ServerSocket listener;
  private final int[] ports;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  SwitchingPort(int... ports) {
    this.ports = ports.clone();
    try {
      listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    threads.execute(this::accept);
  }

  String url() {
    return "https://127.0.0.1:" + listener.getLocalPort();
  }

  private void accept() {
    try {
      for (int count = 0; ; count++) {
        Socket client = listener.accept();
        Socket server = new Socket(InetAddress.getLoopbackAddress(), ports[count % ports.length]);
        threads.execute(() -> copy(client, server));
        threads.execute(() -> copy(server, client));
      }
    } catch (IOException closed) {
      // The test is over.
    }
  }

  private static void copy(Socket from, Socket to) {
    try (from;
        to) {
      from.getInputStream().transferTo(to.getOutputStream());
    } catch (IOException gone) {
      // Either end may go away: then so does the other.
    }
  }

  @Override
  public void close() {
    try {
      listener.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    threads.shutdownNow();
  }
}
