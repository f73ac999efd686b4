package dstack.kms.acceptance.faults;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.Executors;

/** A TCP connection between two parties that can lose everything in one direction. */
final class Wire implements AutoCloseable {
  /** What is lost. */
  enum Loss {
    NOTHING,
    QUESTIONS,
    ANSWERS
  }

  private final ServerSocket listener;
  private final int target;
  private volatile Loss loss = Loss.NOTHING;

  /** Listens at that address and leads to that port of the loopback. */
  Wire(InetAddress address, int target) {
    this.target = target;
    try {
      listener = new ServerSocket();
      listener.bind(new InetSocketAddress(address, 0));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread.ofVirtual().start(this::accept);
  }

  int port() {
    return listener.getLocalPort();
  }

  void lose(Loss what) {
    loss = what;
  }

  private void accept() {
    try (var pumps = Executors.newVirtualThreadPerTaskExecutor()) {
      while (!listener.isClosed()) {
        Socket near = listener.accept();
        Socket far = new Socket(InetAddress.getLoopbackAddress(), target);
        pumps.execute(() -> pump(near, far, Loss.QUESTIONS));
        pumps.execute(() -> pump(far, near, Loss.ANSWERS));
      }
    } catch (IOException e) {
      // The test closed it, or the far side is not there: nobody is led anywhere any more.
    }
  }

  private void pump(Socket from, Socket to, Loss lost) {
    byte[] buffer = new byte[8192];
    try (from;
        to;
        InputStream in = from.getInputStream();
        OutputStream out = to.getOutputStream()) {
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        if (loss != lost) {
          out.write(buffer, 0, read);
        }
      }
    } catch (IOException e) {
      // One side ended; try-with-resources ends the other.
    }
  }

  @Override
  public void close() {
    try {
      listener.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
