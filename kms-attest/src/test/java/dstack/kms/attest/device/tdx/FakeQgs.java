package dstack.kms.attest.device.tdx;

import dstack.kms.core.bytes.Bytes;
import java.io.EOFException;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;

/**
 * A quote service on a Unix socket that answers one request and closes: pieces of what it sends are
 * as small as the test wants.
 */
final class FakeQgs implements AutoCloseable {
  private static final int REQUEST = 4 + 1048;

  private final ServerSocketChannel server;
  private final CompletableFuture<Bytes> request = new CompletableFuture<>();

  private FakeQgs(ServerSocketChannel server) {
    this.server = server;
  }

  /** A service at port 4050 of the host, in that folder. */
  static FakeQgs start(Path folder, int piece, UnaryOperator<Bytes> answer) throws IOException {
    ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    server.bind(UnixDomainSocketAddress.of(folder.resolve("2.4050")));
    FakeQgs fake = new FakeQgs(server);
    Thread.ofVirtual().start(() -> fake.serve(piece, answer));
    return fake;
  }

  private void serve(int piece, UnaryOperator<Bytes> answer) {
    try (SocketChannel peer = server.accept()) {
      ByteBuffer buffer = ByteBuffer.allocate(REQUEST);
      while (buffer.hasRemaining()) {
        if (peer.read(buffer) < 0) {
          throw new EOFException();
        }
      }
      request.complete(Bytes.of(buffer.array()));
      Bytes all = answer.apply(Bytes.of(buffer.array()));
      for (int at = 0; at < all.length(); at += piece) {
        peer.write(all.slice(at, Math.min(all.length(), at + piece)).buffer());
      }
    } catch (IOException e) {
      request.completeExceptionally(e);
    }
  }

  Bytes request() {
    return request.join();
  }

  /** A complete answer: length prefix, head, id and quote. */
  static Bytes answer(int type, int error, Bytes id, Bytes quote) {
    int size = 24 + id.length() + quote.length();
    ByteBuffer head = ByteBuffer.allocate(28);
    head.order(ByteOrder.BIG_ENDIAN).putInt(size).order(ByteOrder.LITTLE_ENDIAN);
    head.putShort((short) 1).putShort((short) 0).putInt(type).putInt(size).putInt(error);
    head.putInt(id.length()).putInt(quote.length());
    return Bytes.concat(Bytes.of(head.array()), id, quote);
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
