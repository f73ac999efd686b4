package dstack.kms.client.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A listener on loopback that is no KMS. It keeps the sockets that it was given until the end. */
public final class Hostile implements AutoCloseable {
  private final ServerSocket listener;
  private final Talk talk;
  private final List<Socket> open = new CopyOnWriteArrayList<>();
  private final CountDownLatch end = new CountDownLatch(1);
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  /** What it does with one connection. */
  private interface Talk {
    void with(InputStream in, OutputStream out) throws IOException, InterruptedException;
  }

  private Hostile(Talk talk) {
    this.talk = talk;
    try {
      listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    threads.execute(this::accept);
  }

  /** Says nothing and hangs up never. */
  public static Hostile silent() {
    return new Hostile((_, _) -> {});
  }

  /** Says this at once and then nothing. */
  public static Hostile saying(byte[] first) {
    return new Hostile(
        (_, out) -> {
          out.write(first);
          out.flush();
        });
  }

  /** Says this in answer to the first that it hears. */
  public static Hostile answering(String text) {
    return new Hostile(
        (in, out) -> {
          if (in.read() >= 0) {
            out.write(text.getBytes(StandardCharsets.ISO_8859_1));
            out.flush();
          }
        });
  }

  /** Says bytes of a handshake record that never ends, each after a while. */
  public static Hostile dripping() {
    CountDownLatch never = new CountDownLatch(1);
    return new Hostile(
        (_, out) -> {
          out.write(new byte[] {22, 3, 3, 64, 0});
          while (!never.await(20, java.util.concurrent.TimeUnit.MILLISECONDS)) {
            out.write(0);
            out.flush();
          }
        });
  }

  /** Hangs up on everybody. */
  public static Hostile hangingUp() {
    return new Hostile((_, out) -> out.close());
  }

  /** Where it listens. */
  public int port() {
    return listener.getLocalPort();
  }

  /** As if it were a KMS. */
  public String url() {
    return "https://127.0.0.1:" + port();
  }

  private void accept() {
    try {
      while (true) {
        Socket client = listener.accept();
        open.add(client);
        threads.execute(() -> talk(client));
      }
    } catch (IOException closed) {
      // The test is over.
    }
  }

  private void talk(Socket client) {
    try {
      talk.with(client.getInputStream(), client.getOutputStream());
      end.await();
    } catch (IOException | InterruptedException gone) {
      // The client, or the test.
    }
  }

  @Override
  public void close() {
    try {
      listener.close();
      for (Socket each : open) {
        each.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    threads.shutdownNow();
  }
}
