package dstack.kms.attest.tpm.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dstack.kms.attest.tpm.TpmRefusal;
import dstack.kms.attest.tpm.TpmTransport;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Raw commands over a socket; the other side lies, stops or says nothing (T-11). */
class SocketTransportTest {
  private static final Bytes COMMAND = Bytes.fromHex("80010000000c0000017b0008");
  private static final Bytes RESPONSE = Bytes.fromHex("8001000000140000000000080102030405060708");

  private ServerSocket server;

  @BeforeEach
  void listen() throws IOException {
    server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
  }

  @AfterEach
  void end() throws IOException {
    server.close();
  }

  @Test
  void readsAResponseThatComesInPieces() throws IOException {
    Thread peer =
        answer(
            socket -> {
              for (int i = 0; i < RESPONSE.length(); i++) {
                socket.getOutputStream().write(RESPONSE.at(i));
                socket.getOutputStream().flush();
              }
            });
    try (TpmTransport transport = open(Duration.ofSeconds(20))) {
      assertThat(transport.transmit(COMMAND)).isEqualTo(RESPONSE);
    }
    peer.interrupt();
  }

  @ParameterizedTest
  @CsvSource({
    "80010000000900000000, tpm-malformed-answer",
    "80010000100100000000, tpm-malformed-answer",
    "8001ffffffff00000000, tpm-malformed-answer",
    "80010000000000000000, tpm-malformed-answer",
    "800100000014000000000008, tpm-broken",
    "8001, tpm-broken",
    "'', tpm-broken"
  })
  void t11_refusesWhatIsNoWholeResponse(String hex, String code) throws IOException {
    answer(socket -> socket.getOutputStream().write(Bytes.fromHex(hex).toArray()));
    try (TpmTransport transport = open(Duration.ofSeconds(20))) {
      assertThatThrownBy(() -> transport.transmit(COMMAND))
          .isInstanceOfSatisfying(
              RefusalException.class, e -> assertThat(e.code().code()).isEqualTo(code));
    }
  }

  @Test
  void refusesWhenNoAnswerComesInTime() {
    try (TpmTransport transport = open(Duration.ofMillis(50))) {
      assertThatThrownBy(() -> transport.transmit(COMMAND))
          .isInstanceOfSatisfying(
              RefusalException.class, e -> assertThat(e.code()).isEqualTo(TpmRefusal.TIMEOUT));
      assertThatThrownBy(() -> transport.transmit(COMMAND))
          .isInstanceOfSatisfying(
              RefusalException.class, e -> assertThat(e.code()).isEqualTo(TpmRefusal.BROKEN));
    }
  }

  @Test
  void refusesWhenNobodyListens() throws IOException {
    server.close();
    assertThatThrownBy(() -> open(Duration.ofSeconds(20)))
        .isInstanceOfSatisfying(
            RefusalException.class, e -> assertThat(e.code()).isEqualTo(TpmRefusal.NOT_FOUND));
  }

  private interface Peer {
    void handle(Socket socket) throws IOException;
  }

  /** Takes one command, then does what the test says, then closes. */
  private Thread answer(Peer peer) {
    return Thread.ofVirtual()
        .start(
            () -> {
              try (Socket socket = server.accept();
                  InputStream input = socket.getInputStream()) {
                assertThat(input.readNBytes(COMMAND.length())).isEqualTo(COMMAND.toArray());
                peer.handle(socket);
              } catch (IOException e) {
                throw new IllegalStateException(e);
              }
            });
  }

  private TpmTransport open(Duration deadline) {
    return TpmAddress.parse("tcp:127.0.0.1:" + server.getLocalPort()).connector(deadline).open();
  }
}
