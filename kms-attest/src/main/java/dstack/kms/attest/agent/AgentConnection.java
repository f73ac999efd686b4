package dstack.kms.attest.agent;

import dstack.kms.core.bytes.Bytes;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;

/**
 * One connection of which no operation outlives the deadline of the whole exchange. Not for use by
 * several threads.
 */
final class AgentConnection implements AutoCloseable {
  private final SocketChannel channel;
  private final Selector selector;
  private final SelectionKey key;
  private final Deadline deadline;

  private AgentConnection(SocketChannel channel, Selector selector, Deadline deadline)
      throws IOException {
    this.channel = channel;
    this.selector = selector;
    this.deadline = deadline;
    channel.configureBlocking(false);
    key = channel.register(selector, 0);
  }

  /** Connects; throws {@link java.net.SocketTimeoutException} when the time is up. */
  static AgentConnection open(SocketAddress named, Duration connectTimeout, Deadline deadline)
      throws IOException {
    SocketAddress address = resolved(named);
    Selector selector = Selector.open();
    SocketChannel channel = null;
    try {
      channel = channelFor(address);
      AgentConnection connection = new AgentConnection(channel, selector, deadline);
      connection.connect(address, deadline.atMost(connectTimeout));
      return connection;
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

  private static SocketChannel channelFor(SocketAddress address) throws IOException {
    return address instanceof InetSocketAddress
        ? SocketChannel.open()
        : SocketChannel.open(StandardProtocolFamily.UNIX);
  }

  private void connect(SocketAddress address, Deadline connectDeadline) throws IOException {
    if (channel.connect(address)) {
      return;
    }
    do {
      await(SelectionKey.OP_CONNECT, connectDeadline);
    } while (!channel.finishConnect());
  }

  /** Writes everything. */
  void write(Bytes content) throws IOException {
    ByteBuffer buffer = content.buffer();
    while (buffer.hasRemaining()) {
      if (channel.write(buffer) == 0) {
        await(SelectionKey.OP_WRITE, deadline);
      }
    }
  }

  /** What the other side sends, to its end. */
  InputStream input() {
    return new InputStream() {
      @Override
      public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
      }

      @Override
      public int read(byte[] target, int offset, int length) throws IOException {
        return receive(ByteBuffer.wrap(target, offset, length));
      }
    };
  }

  private int receive(ByteBuffer target) throws IOException {
    if (!target.hasRemaining()) {
      return 0;
    }
    deadline.remainingMillis();
    int count = channel.read(target);
    while (count == 0) {
      await(SelectionKey.OP_READ, deadline);
      count = channel.read(target);
    }
    return count;
  }

  private void await(int operation, Deadline until) throws IOException {
    key.interestOps(operation);
    selector.selectedKeys().clear();
    selector.select(until.remainingMillis());
  }

  @Override
  public void close() throws IOException {
    try (selector) {
      channel.close();
    }
  }
}
