package dstack.kms.rpc.tls.hostile;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.Optional;

/** A socket that speaks in records; what it sends is taken as it is. */
final class Connection implements AutoCloseable {
  private static final int PATIENCE_MILLIS = 20_000;

  private final Socket socket;
  private final DataInputStream input;

  Connection(int port) {
    try {
      socket = new Socket(InetAddress.getLoopbackAddress(), port);
      socket.setSoTimeout(PATIENCE_MILLIS);
      socket.setTcpNoDelay(true);
      input = new DataInputStream(socket.getInputStream());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Sends bytes; a server that has hung up already has made up its mind. */
  void send(byte[] bytes) {
    try {
      socket.getOutputStream().write(bytes);
    } catch (IOException e) {
      hungUp = true;
    }
  }

  private boolean hungUp;

  boolean hungUp() {
    return hungUp;
  }

  /** The next record; empty at the end of the connection. */
  Optional<Opened> read() {
    try {
      int type = input.read();
      if (type < 0) {
        return Optional.empty();
      }
      input.readUnsignedShort();
      byte[] content = input.readNBytes(input.readUnsignedShort());
      return Optional.of(new Opened(type, content));
    } catch (SocketTimeoutException e) {
      throw new AssertionError("the server neither answers nor closes", e);
    } catch (EOFException e) {
      return Optional.empty();
    } catch (IOException e) {
      // A reset: the server closed while bytes of ours were under way.
      hungUp = true;
      return Optional.empty();
    }
  }

  /** Says that nothing more will be sent. */
  void finishSending() {
    try {
      socket.shutdownOutput();
    } catch (IOException e) {
      hungUp = true;
    }
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
