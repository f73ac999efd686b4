package dstack.kms.cli.device;

import dstack.kms.core.bytes.Bytes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.function.UnaryOperator;

/**
 * The host's quote service at vsock port 4050 (specification 13 §4): makes a quote of the report
 * data in each report.
 */
final class QuoteService implements AutoCloseable {
  static final int PORT = 4050;
  private static final int REQUEST = 4 + 24 + 1024;
  private static final int REPORT_DATA = 4 + 24 + 128;

  private final ServerSocketChannel server;
  private final UnaryOperator<Bytes> quotes;

  QuoteService(Path folder, UnaryOperator<Bytes> quotes) {
    this.quotes = quotes;
    try {
      server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
      server.bind(UnixDomainSocketAddress.of(folder.resolve("2." + PORT)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread.ofVirtual().start(this::serve);
  }

  private void serve() {
    while (true) {
      try (SocketChannel peer = server.accept()) {
        ByteBuffer request = ByteBuffer.allocate(REQUEST);
        while (request.hasRemaining() && peer.read(request) >= 0) {}
        Bytes all = Bytes.of(request.array());
        ByteBuffer answer = answer(quotes.apply(all.slice(REPORT_DATA, REPORT_DATA + 64)));
        while (answer.hasRemaining()) {
          peer.write(answer);
        }
      } catch (ClosedChannelException e) {
        return;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private static ByteBuffer answer(Bytes quote) {
    int size = 24 + quote.length();
    ByteBuffer answer = ByteBuffer.allocate(4 + size);
    answer.order(ByteOrder.BIG_ENDIAN).putInt(size).order(ByteOrder.LITTLE_ENDIAN);
    answer.putShort((short) 1).putShort((short) 0).putInt(1).putInt(size).putInt(0);
    return answer.putInt(0).putInt(quote.length()).put(quote.toArray()).flip();
  }

  @Override
  public void close() {
    try {
      server.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
