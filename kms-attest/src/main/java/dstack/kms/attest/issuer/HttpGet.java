package dstack.kms.attest.issuer;

import dstack.kms.core.bytes.Bytes;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/**
 * One GET request over a connection to an address that was checked before: the host's name is not
 * resolved a second time, so it cannot mean something else by then. Over TLS the name is still the
 * one that is asked for and that the server's certificate must carry.
 */
final class HttpGet {
  private final IssuerAddress address;
  private final TimeLimit limit;
  private final Duration connectTimeout;

  HttpGet(IssuerAddress address, TimeLimit limit, Duration connectTimeout) {
    this.address = address;
    this.limit = limit;
    this.connectTimeout = connectTimeout;
  }

  /** The body of an answer with the status 200. */
  Bytes from(InetAddress target) throws IOException {
    try (Socket plain = new Socket()) {
      int connect = (int) Math.min(connectTimeout.toMillis(), limit.requireMillis());
      plain.connect(new InetSocketAddress(target, address.port()), connect);
      plain.setSoTimeout(limit.requireMillis());
      if (!address.tls()) {
        return exchange(plain);
      }
      return overTlsInTime(plain);
    }
  }

  /** A handshake and a record are many reads, each of which would wait anew. */
  private Bytes overTlsInTime(Socket plain) throws IOException {
    Thread end = Thread.ofVirtual().start(() -> closeAtTheEnd(plain));
    try (SSLSocket secured = overTls(plain)) {
      return exchange(secured);
    } finally {
      end.interrupt();
    }
  }

  private void closeAtTheEnd(Socket socket) {
    try (socket) {
      Thread.sleep(Duration.ofNanos(limit.nanos()));
    } catch (InterruptedException finishedInTime) {
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      throw new UncheckedIOException(
          e); // closing a socket twice is no error; nobody waits for this
    }
  }

  private SSLSocket overTls(Socket plain) throws IOException {
    SSLSocketFactory factory = (SSLSocketFactory) SSLSocketFactory.getDefault();
    SSLSocket socket =
        (SSLSocket) factory.createSocket(plain, address.host(), address.port(), true);
    SSLParameters parameters = socket.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    socket.setSSLParameters(parameters);
    socket.startHandshake();
    return socket;
  }

  private Bytes exchange(Socket socket) throws IOException {
    String request =
        "GET "
            + address.path()
            + " HTTP/1.1\r\nHost: "
            + address.authority()
            + "\r\nAccept-Encoding: identity\r\nConnection: close\r\n\r\n";
    socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
    socket.getOutputStream().flush();
    return new HttpResponse(new Limited(socket)).body();
  }

  /** Reads that never wait past the end of the whole time. */
  private final class Limited extends InputStream {
    private final Socket socket;
    private final byte[] buffer = new byte[8192];
    private int next;
    private int end;

    Limited(Socket socket) {
      this.socket = socket;
    }

    @Override
    public int read() throws IOException {
      return hasMore() ? Byte.toUnsignedInt(buffer[next++]) : -1;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      if (length == 0) {
        return 0;
      }
      if (!hasMore()) {
        return -1;
      }
      int count = Math.min(length, end - next);
      System.arraycopy(buffer, next, into, offset, count);
      next += count;
      return count;
    }

    private boolean hasMore() throws IOException {
      if (next == end) {
        socket.setSoTimeout(limit.requireMillis());
        end = Math.max(0, socket.getInputStream().read(buffer));
        next = 0;
      }
      return next < end;
    }
  }
}
