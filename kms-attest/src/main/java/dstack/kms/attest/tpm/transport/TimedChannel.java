package dstack.kms.attest.tpm.transport;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;

/**
 * A socket of which no operation outlives the moment it is given, in nanoseconds of the machine's
 * monotonic clock.
 */
final class TimedChannel implements AutoCloseable {
  private final SocketChannel channel;
  private final Selector selector;
  private final SelectionKey key;

  private TimedChannel(SocketChannel channel, Selector selector) throws IOException {
    this.channel = channel;
    this.selector = selector;
    channel.configureBlocking(false);
    key = channel.register(selector, 0);
  }

  static TimedChannel connect(SocketAddress named, Duration deadline) throws IOException {
    SocketAddress address = resolved(named);
    Selector selector = Selector.open();
    SocketChannel channel = null;
    try {
      channel =
          address instanceof InetSocketAddress
              ? SocketChannel.open()
              : SocketChannel.open(StandardProtocolFamily.UNIX);
      TimedChannel timed = new TimedChannel(channel, selector);
      timed.connect(address, System.nanoTime() + deadline.toNanos());
      return timed;
    } catch (IOException | RuntimeException e) {
      if (channel != null) {
        channel.close();
      }
      selector.close();
      throw e;
    }
  }

  private static SocketAddress resolved(SocketAddress address) throws UnknownHostException {
    if (!(address instanceof InetSocketAddress inet) || !inet.isUnresolved()) {
      return address;
    }
    return new InetSocketAddress(InetAddress.getByName(inet.getHostString()), inet.getPort());
  }

  private void connect(SocketAddress address, long end) throws IOException {
    if (!channel.connect(address)) {
      do {
        await(SelectionKey.OP_CONNECT, end);
      } while (!channel.finishConnect());
    }
  }

  /** Writes everything. */
  void write(ByteBuffer content, long end) throws IOException {
    while (content.hasRemaining()) {
      if (channel.write(content) == 0) {
        await(SelectionKey.OP_WRITE, end);
      }
    }
  }

  /** Reads at least one byte; −1 at the end. */
  int read(ByteBuffer target, long end) throws IOException {
    int count = channel.read(target);
    while (count == 0) {
      await(SelectionKey.OP_READ, end);
      count = channel.read(target);
    }
    return count;
  }

  private void await(int operation, long end) throws IOException {
    long left = end - System.nanoTime();
    if (left <= 0) {
      throw new SocketTimeoutException("deadline passed");
    }
    key.interestOps(operation);
    selector.selectedKeys().clear();
    selector.select(Math.max(1, Duration.ofNanos(left).toMillis()));
  }

  @Override
  public void close() {
    try (selector) {
      channel.close();
    } catch (IOException e) {
      // Nothing was left unsent: a command is written whole before its answer is awaited.
    }
  }
}
