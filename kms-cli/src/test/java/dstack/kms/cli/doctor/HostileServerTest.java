package dstack.kms.cli.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dstack.kms.cli.Run;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A collateral service that wants the doctor to fail, or the terminal to obey. */
final class HostileServerTest {
  private static void serve(ServerSocket listener, String answer) {
    try {
      while (!listener.isClosed()) {
        try (Socket socket = listener.accept()) {
          if (socket.getInputStream().read(new byte[4096]) > 0) {
            socket.getOutputStream().write(answer.getBytes(StandardCharsets.ISO_8859_1));
          }
        }
      }
    } catch (IOException e) {
      if (!listener.isClosed()) {
        throw new UncheckedIOException(e);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\n",
        "HTTP/1.1 2\u001b]0;x\u0007 OK\r\n\r\n",
        "\u001b[2J\u009b2Jnot HTTP\r\n\r\n",
        "HTTP/1.1 200 OK\r\nDa\u001b[2Jte: x\r\n\r\n",
      })
  void isFoundNotToAnswerInWordsWithoutControls(String answer) throws Exception {
    try (ServerSocket listener = new ServerSocket(0, 16, InetAddress.getLoopbackAddress())) {
      Thread.ofVirtual().start(() -> serve(listener, answer));
      String url = "http://127.0.0.1:" + listener.getLocalPort();
      Run run =
          Run.with(
              Map.of(
                  "KMS_CORE_ATTESTATION_URLS_PCCS", url,
                  "KMS_CORE_ATTESTATION_URLS_AMD_KDS", url),
              "doctor");
      assertThat(run.out()).contains("UNREACHABLE collateral " + url + ": no answer: ");
      assertThat(run.out().replace("\n", "")).matches("\\P{C}*");
      assertThat(run.err()).doesNotContain("Exception");
    }
  }
}
