package dstack.kms.attest.device.tdx;

import static org.assertj.core.api.Assertions.assertThat;

import dstack.kms.attest.device.DeviceRefusal;
import dstack.kms.attest.device.Errno;
import dstack.kms.attest.device.Refused;
import dstack.kms.attest.device.TestKernel;
import dstack.kms.attest.device.TestTiming;
import dstack.kms.core.bytes.Bytes;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The client of the quote service, over a Unix socket in vsock's place. */
class QgsClientTest {
  private static final Bytes REPORT = Bytes.concat(Bytes.fromHex("81"), Bytes.zeros(1023));
  private static final Bytes QUOTE = Bytes.fromHex("0a".repeat(5000));
  private static final Bytes ANSWER = FakeQgs.answer(1, 0, Bytes.EMPTY, QUOTE);

  @TempDir Path dir;
  private final TestKernel kernel = new TestKernel();
  private final TestTiming timing = new TestTiming();
  private final QgsClient client = new QgsClient(kernel, timing, Duration.ofSeconds(30));

  @BeforeEach
  void standInForVsock() {
    kernel.vsock = Optional.of(dir);
  }

  @AfterEach
  void leavesNothingOpen() {
    assertThat(kernel.open()).isZero();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 7, 1000, 100_000})
  void getsAQuoteInPiecesOfAnySize(int piece) throws Exception {
    try (FakeQgs service = FakeQgs.start(dir, piece, request -> ANSWER)) {
      assertThat(client.quote(4050, REPORT)).isEqualTo(QUOTE);
      assertThat(service.request()).isEqualTo(QgsMessages.request(REPORT));
    }
  }

  @Test
  void addressesTheHostAsTheKernelWantsIt() throws Exception {
    try (FakeQgs service = FakeQgs.start(dir, 4096, request -> ANSWER)) {
      client.quote(4050, REPORT);
      assertThat(service.request().length()).isEqualTo(1052);
    }
    assertThat(kernel.address.hex())
        .isEqualTo("2800" + "0000" + "d20f0000" + "02000000" + "00000000");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 3, 4, 5, 27, 28, 1000, 5027})
  void refusesAnAnswerThatEndsEarly(int length) throws Exception {
    try (FakeQgs service = FakeQgs.start(dir, 4096, request -> ANSWER.slice(0, length))) {
      Refused.as(DeviceRefusal.VSOCK_FAILURE, () -> client.quote(4050, REPORT))
          .hasMessageStartingWith("vsock failure: response truncated: ");
      assertThat(service.request().length()).isEqualTo(1052);
    }
  }

  @Test
  void refusesAnAnswerThatIsTooLargeWithoutReadingIt() throws Exception {
    try (FakeQgs service = FakeQgs.start(dir, 4096, request -> Bytes.fromHex("00004001"))) {
      Refused.as(DeviceRefusal.VSOCK_FAILURE, () -> client.quote(4050, REPORT))
          .hasMessage("vsock failure: response too large: 16385");
      assertThat(service.request().length()).isEqualTo(1052);
    }
  }

  @Test
  void refusesAPortWhereNobodyListens() {
    Refused.as(DeviceRefusal.VSOCK_FAILURE, () -> client.quote(4051, REPORT))
        .hasMessageStartingWith("vsock failure: connect to port 4051: ");
  }

  @ParameterizedTest
  @CsvSource({
    "socket, 97, socket: ",
    "connect, 110, connect to port 4050: Connection timed out (os error 110)",
    "write, 104, write: Connection reset by peer (os error 104)",
    "poll, 22, poll: Invalid argument (os error 22)",
    "read, 104, read: Connection reset by peer (os error 104)",
  })
  void refusesWhenACallFails(String call, int errno, String text) throws Exception {
    kernel.failing(call, errno);
    try (FakeQgs _ = FakeQgs.start(dir, 4096, request -> ANSWER)) {
      Refused.as(DeviceRefusal.VSOCK_FAILURE, () -> client.quote(4050, REPORT))
          .hasMessageStartingWith("vsock failure: " + text);
    }
  }

  @Test
  void goesOnAfterAnInterruptedCall() throws Exception {
    kernel.failing("poll", Errno.EINTR).failing("write", Errno.EINTR).failing("read", Errno.EINTR);
    try (FakeQgs service = FakeQgs.start(dir, 4096, request -> ANSWER)) {
      assertThat(client.quote(4050, REPORT)).isEqualTo(QUOTE);
      assertThat(service.request().length()).isEqualTo(1052);
    }
  }

  @Test
  void givesUpOnAServiceThatSaysNothing() throws Exception {
    kernel.silence = Optional.of(() -> timing.pause(Duration.ofSeconds(4)));
    try (FakeQgs _ = FakeQgs.start(dir, 4096, request -> ANSWER)) {
      Refused.as(DeviceRefusal.VSOCK_FAILURE, () -> client.quote(4050, REPORT))
          .hasMessage("vsock failure: no answer within 30 s");
    }
    assertThat(timing.pauses()).hasSize(8);
  }
}
