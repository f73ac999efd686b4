package dstack.kms.rpc.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** A socket on which a test writes what it likes and reads one answer at a time. */
public final class RawClient implements AutoCloseable {
  private final Socket socket;

  /** One answer: status, head as text, body. */
  public record Reply(int status, String head, String body) {
    /** The value of the header, empty if it is not there. */
    public String header(String name) {
      for (String line : head.split("\r\n", -1)) {
        if (line.toLowerCase(Locale.ROOT).startsWith(name.toLowerCase(Locale.ROOT) + ": ")) {
          return line.substring(name.length() + 2);
        }
      }
      return "";
    }
  }

  /** Connects to the port on loopback; no read waits longer than 20 seconds. */
  public RawClient(int port) {
    this(plain(port));
  }

  /** Uses a socket that is connected already. */
  public RawClient(Socket socket) {
    this.socket = socket;
  }

  private static Socket plain(int port) {
    try {
      Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
      socket.setSoTimeout(20_000);
      socket.setTcpNoDelay(true);
      return socket;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Writes the text as Latin-1. */
  public RawClient send(String text) {
    return send(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  /** Writes the bytes. */
  public RawClient send(byte[] bytes) {
    try {
      socket.getOutputStream().write(bytes);
      socket.getOutputStream().flush();
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Says that nothing more will be sent. */
  public RawClient halfClose() {
    try {
      socket.shutdownOutput();
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Reads one answer with its declared body. */
  public Reply read() {
    return read(true);
  }

  /** Reads one answer, with or without its body. */
  public Reply read(boolean withBody) {
    String head = readHead();
    if (head.isEmpty()) {
      throw new AssertionError("the server closed without an answer");
    }
    int status = Integer.parseInt(head.substring(9, 12));
    Reply bare = new Reply(status, head, "");
    String length = bare.header("content-length");
    if (!withBody || length.isEmpty()) {
      return bare;
    }
    try {
      byte[] body = socket.getInputStream().readNBytes(Integer.parseInt(length));
      return new Reply(status, head, new String(body, StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Whether an answer of that status comes; closes the connection. */
  public boolean answersWith(int status) {
    try (RawClient self = this) {
      return self.read().status() == status;
    } catch (UncheckedIOException | AssertionError e) {
      return false;
    }
  }

  /** Whether the server ends the connection now, with or without a reset. */
  public boolean isClosedByServer() {
    try {
      return socket.getInputStream().read() < 0;
    } catch (java.net.SocketTimeoutException e) {
      return false;
    } catch (IOException e) {
      return true;
    }
  }

  private String readHead() {
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    try {
      InputStream in = socket.getInputStream();
      for (int b = in.read(); b >= 0; b = in.read()) {
        head.write(b);
        String text = head.toString(StandardCharsets.ISO_8859_1);
        if (text.endsWith("\r\n\r\n")) {
          return text;
        }
      }
      return "";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
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
