package dstack.kms.attest.agent;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

/** A real Unix socket that answers one connection as the test says. */
final class FakeAgent implements AutoCloseable {
  /** What happens on the one connection. */
  interface Script {
    void run(SocketChannel peer, FakeAgent agent) throws IOException, InterruptedException;
  }

  private final ServerSocketChannel server;
  private final Path path;
  private final Thread thread;
  private final CountDownLatch clientDone = new CountDownLatch(1);
  private volatile String request = "";

  private FakeAgent(ServerSocketChannel server, Path path, Script script) {
    this.server = server;
    this.path = path;
    thread = Thread.ofVirtual().start(() -> serve(script));
  }

  static FakeAgent start(Path folder, Script script) throws IOException {
    Path path = folder.resolve("agent.sock");
    ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    server.bind(UnixDomainSocketAddress.of(path));
    return new FakeAgent(server, path, script);
  }

  /** Reads the request, answers with the text and closes. */
  static FakeAgent answering(Path folder, String answer) throws IOException {
    return start(
        folder,
        (peer, agent) -> {
          agent.readRequest(peer);
          send(peer, answer);
        });
  }

  private void serve(Script script) {
    try (SocketChannel peer = server.accept()) {
      script.run(peer, this);
    } catch (IOException | InterruptedException e) {
      // The client went away or the test ended: what the client saw is what the test looks at.
    }
  }

  /** Reads up to the end of a body of stated length. */
  void readRequest(SocketChannel peer) throws IOException {
    StringBuilder text = new StringBuilder();
    ByteBuffer buffer = ByteBuffer.allocate(4096);
    while (!isComplete(text.toString())) {
      buffer.clear();
      if (peer.read(buffer) < 0) {
        break;
      }
      text.append(StandardCharsets.ISO_8859_1.decode(buffer.flip()));
    }
    request = text.toString();
  }

  private static boolean isComplete(String text) {
    int head = text.indexOf("\r\n\r\n");
    int at = text.indexOf("Content-Length: ");
    if (head < 0 || at < 0) {
      return false;
    }
    int length = Integer.parseInt(text.substring(at + 16, text.indexOf("\r\n", at)));
    return text.length() >= head + 4 + length;
  }

  static void send(SocketChannel peer, String text) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1));
    while (bytes.hasRemaining()) {
      peer.write(bytes);
    }
  }

  /** Blocks until the test is done with its client. */
  void awaitClient() throws InterruptedException {
    clientDone.await();
  }

  String request() throws InterruptedException {
    thread.join();
    return request;
  }

  String address() {
    return "unix:" + path;
  }

  @Override
  public void close() throws IOException {
    clientDone.countDown();
    server.close();
    thread.interrupt();
  }
}
