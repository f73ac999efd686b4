package dstack.kms.attest.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.core.reportdata.ReportData;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The guest agent over real sockets: specification 10 §8. */
@Timeout(60)
class GuestAgentClientTest {
  private static final Duration LONG = Duration.ofSeconds(30);
  private static final Duration SHORT = Duration.ofMillis(200);
  private static final String OK = "HTTP/1.1 200 OK\r\n";

  @TempDir Path folder;

  @Test
  void asksForAnAttestationAsTheOriginalDoes() throws Exception {
    try (FakeAgent agent = FakeAgent.answering(folder, sized("{\"attestation\":\"00ff\"}"))) {
      assertThat(client(agent, LONG).attest(ReportData.ZERO)).isEqualTo(Bytes.fromHex("00ff"));
      assertThat(agent.request())
          .startsWith("POST /Attest?json HTTP/1.1\r\nHost: localhost\r\n")
          .endsWith("\r\n\r\n{\"report_data\":\"" + "00".repeat(64) + "\"}");
    }
  }

  @Test
  void asksForInformationWithANullBody() throws Exception {
    String answer =
        "{\"app_id\":\"0xaa\",\"vm_config\":\"{}\",\"tcb_info\":\"\",\"cloud_vendor\":\"v\","
            + "\"cloud_product\":\"p\",\"os_image_hash\":\"\",\"later\":[1]}";
    try (FakeAgent agent = FakeAgent.answering(folder, sized(answer))) {
      assertThat(client(agent, LONG).info())
          .isEqualTo(new GuestInfo(Bytes.fromHex("aa"), Bytes.EMPTY, Bytes.EMPTY, "{}", "v", "p"));
      assertThat(agent.request()).startsWith("POST /Info?json ").endsWith("\r\n\r\nnull");
    }
  }

  @Test
  void takesMissingMembersAsDefaults() throws Exception {
    try (FakeAgent agent = FakeAgent.answering(folder, sized("{}"))) {
      assertThat(client(agent, LONG).vmConfig()).isEmpty();
    }
  }

  @Test
  void readsChunksWithExtensionsAndTrailers() throws Exception {
    String chunked =
        OK
            + "Transfer-Encoding: chunked\r\n\r\n"
            + "5\r\n{\"att\r\n0010;x=y\r\nestation\":\"0aff\"\r\n1\r\n}\r\n0\r\nX: y\r\n\r\n";
    try (FakeAgent agent = FakeAgent.answering(folder, chunked)) {
      assertThat(client(agent, LONG).attest(ReportData.ZERO)).isEqualTo(Bytes.fromHex("0aff"));
    }
  }

  @Test
  void readsAnAnswerThatComesByteByByte() throws Exception {
    String answer = sized("{\"attestation\":\"01\"}");
    FakeAgent.Script slowly =
        (peer, agent) -> {
          agent.readRequest(peer);
          for (int i = 0; i < answer.length(); i++) {
            FakeAgent.send(peer, answer.substring(i, i + 1));
          }
          agent.awaitClient(); // the connection stays open: the length alone ends the body
        };
    try (FakeAgent agent = FakeAgent.start(folder, slowly)) {
      assertThat(client(agent, LONG).attest(ReportData.ZERO)).isEqualTo(Bytes.fromHex("01"));
    }
  }

  @Test
  void readsALargeAttestation() throws Exception {
    String hex = "ab".repeat(1 << 20);
    try (FakeAgent agent =
        FakeAgent.answering(folder, sized("{\"attestation\":\"" + hex + "\"}"))) {
      assertThat(client(agent, LONG).attest(ReportData.ZERO).length()).isEqualTo(1 << 20);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 404, 500, 503, 204, 301})
  void refusesEveryOtherStatusWithoutShowingTheBody(int status) throws Exception {
    String answer = "HTTP/1.1 " + status + " X\r\nContent-Length: 6\r\n\r\nsecret";
    try (FakeAgent agent = FakeAgent.answering(folder, answer)) {
      GuestAgentClient client = client(agent, LONG);
      assertThatThrownBy(() -> client.attest(ReportData.ZERO))
          .isInstanceOfSatisfying(
              RefusalException.class,
              e -> {
                assertThat(e.code()).isEqualTo(AgentRefusal.STATUS);
                assertThat(e.detail()).isEqualTo("secret");
              })
          .hasMessage("Invalid status code: " + status + ", path=Attest?json");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "HTTP/1.1 200 OK",
        "HTTP/1.1 200 OK\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n{\"attestation\":\"00\"}",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{}",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n",
      })
  void refusesAnAnswerThatIsCutOff(String answer) throws Exception {
    assertRefused(answer, AgentRefusal.UNREACHABLE);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SSH-2.0-OpenSSH\r\n\r\n",
        "HTTP/2 200\r\n\r\n",
        "HTTP/1.1 20 OK\r\n\r\n",
        "HTTP/1.1 200\nContent-Length: 2\n\n{}",
        "\r\n",
        "HTTP/1.1 100 Continue\r\n\r\n",
        "HTTP/1.1 200 OK\r\n\r\n{}", // no length at all
        "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 2\r\n\r\n{}",
        "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n{}",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 2\r\n\r\n{}",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: -2\r\n\r\n{}",
        "HTTP/1.1 200 OK\r\nContent-Length: +2\r\n\r\n{}",
        "HTTP/1.1 200 OK\r\nContent-Length: 2, 2\r\n\r\n{}",
        "HTTP/1.1 200 OK\r\nContent-Length: 8388609\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 999999999999999999\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length : 2\r\n\r\n{}",
        "HTTP/1.1 200 OK\r\nNo colon\r\n\r\n{}",
        "HTTP/1.1 200 OK\r\n folded: x\r\n\r\n{}",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nfffffff\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n[]",
        "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}", // no attestation in it
        "HTTP/1.1 200 OK\r\nContent-Length: 18\r\n\r\n{\"attestation\":\"\"}",
        "HTTP/1.1 200 OK\r\nContent-Length: 19\r\n\r\n{\"attestation\":null}",
        "HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\n{\"attestation\":\"zz\"}",
        "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n\"\u00ff\"",
      })
  void refusesGarbage(String answer) throws Exception {
    assertRefused(answer, AgentRefusal.MALFORMED_ANSWER);
  }

  @Test
  void refusesEndlessHeadersAndLines() throws Exception {
    assertRefused(OK + "X: y\r\n".repeat(6000), AgentRefusal.MALFORMED_ANSWER);
  }

  @Test
  void refusesOneEndlessLine() throws Exception {
    assertRefused("H".repeat(40_000), AgentRefusal.MALFORMED_ANSWER);
  }

  @Test
  void refusesChunksThatAddUpToTooMuch() throws Exception {
    String chunk = "100000\r\n" + " ".repeat(1 << 20) + "\r\n";
    assertRefused(
        OK + "Transfer-Encoding: chunked\r\n\r\n" + chunk.repeat(9), AgentRefusal.MALFORMED_ANSWER);
  }

  @Test
  void t23_givesUpOnAnAgentThatNeverAnswers() throws Exception {
    assertTimesOut((peer, agent) -> agent.awaitClient());
  }

  @Test
  void t23_givesUpOnAnAgentThatStopsInTheMiddle() throws Exception {
    assertTimesOut(
        (peer, agent) -> {
          agent.readRequest(peer);
          FakeAgent.send(peer, OK + "Content-Length: 100\r\n\r\n{");
          agent.awaitClient();
        });
  }

  @Test
  void t23_theDeadlineIsForTheWholeAnswerNotForEachByte() throws Exception {
    assertTimesOut(
        (peer, agent) -> {
          agent.readRequest(peer);
          FakeAgent.send(peer, OK + "Content-Length: 8000000\r\n\r\n");
          while (!Thread.interrupted()) {
            FakeAgent.send(peer, " ");
          }
        });
  }

  @Test
  void readsTheAnswerOfAnAgentThatHalfClosesItsSide() throws Exception {
    FakeAgent.Script halfClosing =
        (peer, agent) -> {
          agent.readRequest(peer);
          FakeAgent.send(peer, sized("{\"attestation\":\"02\"}"));
          peer.shutdownOutput();
          agent.awaitClient();
        };
    try (FakeAgent agent = FakeAgent.start(folder, halfClosing)) {
      assertThat(client(agent, LONG).attest(ReportData.ZERO)).isEqualTo(Bytes.fromHex("02"));
    }
  }

  @Test
  void refusesAnAgentThatHalfClosesBeforeItsAnswer() throws Exception {
    FakeAgent.Script halfClosing =
        (peer, agent) -> {
          agent.readRequest(peer);
          peer.shutdownOutput();
          agent.awaitClient();
        };
    try (FakeAgent agent = FakeAgent.start(folder, halfClosing)) {
      assertRefused(client(agent, LONG), AgentRefusal.UNREACHABLE);
    }
  }

  @Test
  void saysThatNobodyListens() {
    AgentAddress nobody = AgentAddress.parse("unix:" + folder.resolve("none.sock"));
    assertRefused(new GuestAgentClient(nobody, LONG, LONG), AgentRefusal.UNREACHABLE);
  }

  @Test
  void asksOverHttpBelowABasePath() throws Exception {
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Thread thread = Thread.ofVirtual().start(() -> answerOnce(server));
      AgentAddress address =
          AgentAddress.parse("http://127.0.0.1:" + server.getLocalPort() + "/base/");
      assertThat(new GuestAgentClient(address, LONG, LONG).attest(ReportData.ZERO))
          .isEqualTo(Bytes.fromHex("03"));
      thread.join();
    }
  }

  private static void answerOnce(ServerSocket server) {
    try (Socket peer = server.accept()) {
      byte[] start = peer.getInputStream().readNBytes("POST /base/Attest?json ".length());
      boolean asked =
          new String(start, StandardCharsets.US_ASCII).equals("POST /base/Attest?json ");
      String answer = asked ? sized("{\"attestation\":\"03\"}") : "HTTP/1.1 404 X\r\n\r\n";
      peer.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
      peer.shutdownOutput();
      peer.getInputStream().readAllBytes();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Test
  void saysThatNobodyCanListenOnATooLongPath() {
    AgentAddress tooLong = AgentAddress.parse("unix:/" + "a".repeat(300));
    assertRefused(new GuestAgentClient(tooLong, LONG, LONG), AgentRefusal.UNREACHABLE);
  }

  private void assertTimesOut(FakeAgent.Script script) throws Exception {
    try (FakeAgent agent = FakeAgent.start(folder, script)) {
      assertRefused(client(agent, SHORT), AgentRefusal.TIMEOUT);
    }
  }

  private void assertRefused(String answer, AgentRefusal code) throws Exception {
    try (FakeAgent agent = FakeAgent.answering(folder, answer)) {
      assertRefused(client(agent, LONG), code);
    }
  }

  private static void assertRefused(GuestAgentClient client, AgentRefusal code) {
    assertThatThrownBy(() -> client.attest(ReportData.ZERO))
        .isInstanceOfSatisfying(RefusalException.class, e -> assertThat(e.code()).isEqualTo(code));
  }

  private static GuestAgentClient client(FakeAgent agent, Duration total) {
    return new GuestAgentClient(AgentAddress.parse(agent.address()), LONG, total);
  }

  private static String sized(String body) {
    return OK + "Content-Length: " + body.length() + "\r\n\r\n" + body;
  }
}
