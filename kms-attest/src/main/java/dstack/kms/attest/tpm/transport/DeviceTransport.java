package dstack.kms.attest.tpm.transport;

import dstack.kms.attest.tpm.TpmRefusal;
import dstack.kms.attest.tpm.TpmTransport;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The kernel's TPM device: one write is one command, one read is its response.
 *
 * <p>The kernel blocks while the TPM works and cannot be interrupted, so each exchange has a thread
 * of its own. One that outlives its deadline is left alone and closes the device when the kernel
 * lets go of it.
 */
final class DeviceTransport implements TpmTransport {
  private final ByteChannel device;
  private final Duration deadline;
  private boolean usable = true;

  DeviceTransport(ByteChannel device, Duration deadline) {
    this.device = device;
    this.deadline = deadline;
  }

  static DeviceTransport open(Path path, Duration deadline) {
    try {
      return new DeviceTransport(
          FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE), deadline);
    } catch (IOException e) {
      throw RefusalException.causedBy(TpmRefusal.NOT_FOUND, "TPM device cannot be opened", e);
    }
  }

  @Override
  public Bytes transmit(Bytes command) {
    if (!usable) {
      throw TpmRefusal.BROKEN.because("TPM device gave no answer before");
    }
    usable = false;
    FutureTask<Bytes> exchange = new FutureTask<>(() -> exchange(command));
    Thread.ofPlatform().daemon().name("tpm").start(exchange);
    Bytes response = await(exchange);
    usable = true;
    return response;
  }

  private Bytes await(FutureTask<Bytes> exchange) {
    try {
      return exchange.get(deadline.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      closeAfter(exchange);
      throw RefusalException.causedBy(TpmRefusal.TIMEOUT, "TPM did not answer in time", e);
    } catch (ExecutionException e) {
      throw RefusalException.causedBy(TpmRefusal.BROKEN, "TPM device failed", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      closeAfter(exchange);
      throw RefusalException.causedBy(TpmRefusal.TIMEOUT, "interrupted while the TPM worked", e);
    }
  }

  private Bytes exchange(Bytes command) throws IOException {
    if (device.write(command.buffer()) != command.length()) {
      throw new IOException("the device took a part of the command only");
    }
    // One byte more than a response may have shows one that is too long.
    ByteBuffer response = ByteBuffer.allocate(MAX_LENGTH + 1);
    device.read(response);
    return Bytes.of(response.array(), 0, response.position());
  }

  /** Waits for the kernel elsewhere: closing a file in which a thread is stuck would block. */
  private void closeAfter(FutureTask<Bytes> exchange) {
    Thread.ofPlatform()
        .daemon()
        .name("tpm-close")
        .start(
            () -> {
              try {
                exchange.get();
              } catch (InterruptedException | ExecutionException e) {
                // However it ended, nobody waits for the answer any more.
              }
              closeDevice();
            });
  }

  @Override
  public void close() {
    if (usable) {
      usable = false;
      closeDevice();
    }
  }

  private void closeDevice() {
    try {
      device.close();
    } catch (IOException e) {
      // The answer is there or refused already; a device that cannot be closed changes neither.
    }
  }
}
