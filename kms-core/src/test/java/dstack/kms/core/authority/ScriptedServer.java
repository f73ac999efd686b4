package dstack.kms.core.authority;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A server on a loopback socket that reads one request on each connection and plays a script. */
final class ScriptedServer implements AutoCloseable {
  /** What is written once a request has been read; the socket closes when it returns. */
  interface Script {
    void play(OutputStream answer) throws IOException;
  }

  private static final Pattern LENGTH = Pattern.compile("content-length: (\\d+)");

  private final ServerSocket listener;
  private final Script script;
  private final List<String> requests = new CopyOnWriteArrayList<>();
  private final List<Socket> sockets = new CopyOnWriteArrayList<>();

  ScriptedServer(Script script) {
    this.script = script;
    try {
      listener = new ServerSocket(0, 16, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread.ofVirtual().start(this::accept);
  }

  /** Answers every request with that status line's rest and that body. */
  static ScriptedServer answering(String status, String body) {
    byte[] content = body.getBytes(StandardCharsets.UTF_8);
    return new ScriptedServer(answer -> write(answer, status, content));
  }

  static void write(OutputStream answer, String status, byte[] body) throws IOException {
    answer.write(
        ("HTTP/1.1 " + status + "\r\nContent-Length: " + body.length + "\r\n\r\n")
            .getBytes(StandardCharsets.US_ASCII));
    answer.write(body);
    answer.flush();
  }

  String url() {
    return "http://127.0.0.1:" + listener.getLocalPort();
  }

  List<String> requests() {
    return requests;
  }

  private void accept() {
    try {
      while (true) {
        Socket socket = listener.accept();
        sockets.add(socket);
        Thread.ofVirtual().start(() -> serve(socket));
      }
    } catch (IOException closed) {
      // The test is over.
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      requests.add(request(socket.getInputStream()));
      script.play(socket.getOutputStream());
    } catch (IOException gone) {
      // The client has had enough, which is what some tests are about.
    }
  }

  private static String request(InputStream stream) throws IOException {
    ByteArrayOutputStream read = new ByteArrayOutputStream();
    while (!read.toString(StandardCharsets.UTF_8).contains("\r\n\r\n")) {
      int next = stream.read();
      if (next < 0) {
        throw new IOException("the request ended early");
      }
      read.write(next);
    }
    String head = read.toString(StandardCharsets.UTF_8);
    Matcher length = LENGTH.matcher(head.toLowerCase(Locale.ROOT));
    byte[] body = stream.readNBytes(length.find() ? Integer.parseInt(length.group(1)) : 0);
    return head + new String(body, StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    try {
      listener.close();
      for (Socket socket : sockets) {
        socket.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
