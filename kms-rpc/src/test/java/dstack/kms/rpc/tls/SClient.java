package dstack.kms.rpc.tls;

import dstack.kms.testkit.Tool;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** {@code openssl s_client} as an independent TLS client. */
final class SClient {
  private final List<String> command = new ArrayList<>();

  SClient(int port, String... arguments) {
    command.add(Tool.require("openssl").toString());
    command.addAll(List.of("s_client", "-connect", "127.0.0.1:" + port, "-ign_eof"));
    command.addAll(List.of(arguments));
  }

  SClient certificate(Path file) {
    command.addAll(List.of("-cert", file.toString(), "-key", file + ".key"));
    return this;
  }

  /** Sends one GET that asks for the end of the connection; everything that was printed. */
  String get(String path) {
    return send("GET " + path + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
  }

  String send(String request) {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      try {
        process.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
        process.getOutputStream().close();
      } catch (IOException e) {
        // The handshake failed and s_client is gone already; its output says why.
        process.getOutputStream();
      }
      String output =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
      if (!process.waitFor(20, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
      return output;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
