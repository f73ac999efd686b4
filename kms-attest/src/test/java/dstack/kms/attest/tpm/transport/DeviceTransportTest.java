package dstack.kms.attest.tpm.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dstack.kms.attest.tpm.TpmRefusal;
import dstack.kms.attest.tpm.TpmTransport;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The device file: one write, one read, a deadline. */
class DeviceTransportTest {
  private static final Duration LONG = Duration.ofSeconds(20);
  private static final Bytes COMMAND = Bytes.fromHex("80010000000c0000017b0008");
  private static final Bytes RESPONSE = Bytes.fromHex("8001000000140000000000080102030405060708");

  @TempDir Path folder;

  /** In a plain file the answer lies behind the place that the command overwrites. */
  @Test
  void writesTheCommandOnceAndReadsTheResponse() throws IOException {
    Path device = folder.resolve("tpmrm0");
    Files.write(device, Bytes.concat(Bytes.zeros(COMMAND.length()), RESPONSE).toArray());
    try (TpmTransport transport = open(device)) {
      assertThat(transport.transmit(COMMAND)).isEqualTo(RESPONSE);
    }
    assertThat(Files.readAllBytes(device)).isEqualTo(Bytes.concat(COMMAND, RESPONSE).toArray());
  }

  @Test
  void showsAResponseThatIsTooLong() throws IOException {
    Path device = folder.resolve("tpmrm0");
    Files.write(device, new byte[COMMAND.length() + 9000]);
    try (TpmTransport transport = open(device)) {
      assertThat(transport.transmit(COMMAND).length()).isEqualTo(4097);
    }
  }

  @Test
  void neverCreatesADevice() {
    Path device = folder.resolve("tpm0");
    assertThatThrownBy(() -> open(device))
        .isInstanceOfSatisfying(
            RefusalException.class, e -> assertThat(e.code()).isEqualTo(TpmRefusal.NOT_FOUND));
    assertThat(device).doesNotExist();
  }

  @Test
  void leavesADeviceThatDoesNotAnswerAndClosesItWhenItDoes() throws InterruptedException {
    StuckDevice device = new StuckDevice();
    DeviceTransport transport = new DeviceTransport(device, Duration.ofMillis(1));
    assertRefused(transport, TpmRefusal.TIMEOUT);
    assertRefused(transport, TpmRefusal.BROKEN);
    transport.close();
    assertThat(device.isOpen()).isTrue();
    device.answers.countDown();
    assertThat(device.closed.await(20, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void refusesWhenTheDeviceFailsAndIsOfNoMoreUse() {
    DeviceTransport transport =
        new DeviceTransport(
            new StuckDevice() {
              @Override
              public int write(ByteBuffer content) throws IOException {
                throw new IOException("EIO");
              }
            },
            LONG);
    assertRefused(transport, TpmRefusal.BROKEN);
    assertRefused(transport, TpmRefusal.BROKEN);
  }

  @Test
  void refusesADeviceThatTakesHalfACommand() {
    DeviceTransport transport =
        new DeviceTransport(
            new StuckDevice() {
              @Override
              public int write(ByteBuffer content) {
                return content.remaining() - 1;
              }
            },
            LONG);
    assertRefused(transport, TpmRefusal.BROKEN);
  }

  private static TpmTransport open(Path device) {
    return TpmAddress.parse("device:" + device).connector(LONG).open();
  }

  private static void assertRefused(TpmTransport transport, TpmRefusal code) {
    assertThatThrownBy(() -> transport.transmit(COMMAND))
        .isInstanceOfSatisfying(RefusalException.class, e -> assertThat(e.code()).isEqualTo(code));
  }

  /** Takes commands and answers when it is told to. */
  private static class StuckDevice implements ByteChannel {
    final CountDownLatch answers = new CountDownLatch(1);
    final CountDownLatch closed = new CountDownLatch(1);

    @Override
    public int read(ByteBuffer target) throws IOException {
      try {
        answers.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException(e);
      }
      return -1;
    }

    @Override
    public int write(ByteBuffer content) throws IOException {
      return content.remaining();
    }

    @Override
    public boolean isOpen() {
      return closed.getCount() == 1;
    }

    @Override
    public void close() {
      closed.countDown();
    }
  }
}
