package dstack.kms.attest.tpm.transport;

import dstack.kms.attest.tpm.TpmRefusal;
import dstack.kms.attest.tpm.TpmTransport;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;

/**
 * The socket of a software TPM that takes raw commands and answers with raw responses. The size in
 * the header of a response tells where it ends.
 */
final class SocketTransport implements TpmTransport {
  private static final int HEADER_LENGTH = 10;
  private static final int SIZE_OFFSET = 2;

  private final TimedChannel channel;
  private final Duration deadline;

  private SocketTransport(TimedChannel channel, Duration deadline) {
    this.channel = channel;
    this.deadline = deadline;
  }

  static SocketTransport open(SocketAddress address, Duration deadline) {
    try {
      return new SocketTransport(TimedChannel.connect(address, deadline), deadline);
    } catch (IOException e) {
      throw RefusalException.causedBy(TpmRefusal.NOT_FOUND, "TPM cannot be connected to", e);
    }
  }

  @Override
  public Bytes transmit(Bytes command) {
    try {
      return exchange(command);
    } catch (SocketTimeoutException e) {
      close();
      throw RefusalException.causedBy(TpmRefusal.TIMEOUT, "TPM did not answer in time", e);
    } catch (IOException e) {
      close();
      throw RefusalException.causedBy(TpmRefusal.BROKEN, "connection to the TPM broke", e);
    }
  }

  private Bytes exchange(Bytes command) throws IOException {
    long end = System.nanoTime() + deadline.toNanos();
    channel.write(command.buffer(), end);
    ByteBuffer response = ByteBuffer.allocate(MAX_LENGTH);
    fill(response.limit(HEADER_LENGTH), end);
    long size = Integer.toUnsignedLong(response.getInt(SIZE_OFFSET));
    if (size < HEADER_LENGTH || size > MAX_LENGTH) {
      close();
      throw TpmRefusal.MALFORMED_ANSWER.because(
          "malformed TPM response: header says that it has " + size + " bytes");
    }
    fill(response.limit((int) size), end);
    return Bytes.of(response.array(), 0, (int) size);
  }

  private void fill(ByteBuffer target, long end) throws IOException {
    while (target.hasRemaining()) {
      if (channel.read(target, end) < 0) {
        throw new EOFException("the TPM closed the connection");
      }
    }
  }

  @Override
  public void close() {
    channel.close();
  }
}
