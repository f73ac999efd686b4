package dstack.kms.attest.device.tdx;

import dstack.kms.attest.device.CallResult;
import dstack.kms.attest.device.Descriptor;
import dstack.kms.attest.device.Errno;
import dstack.kms.attest.device.LibC;
import dstack.kms.attest.device.NativeBuffer;
import dstack.kms.attest.device.Timing;
import dstack.kms.core.bytes.Bytes;
import java.time.Duration;

/**
 * Asks the host's quote service over vsock, one connection for each quote (specification 13 §5).
 *
 * @param timeout how long everything after connecting may take in all; the kernel bounds connecting
 *     itself, at two seconds
 */
record QgsClient(LibC libc, Timing timing, Duration timeout) {
  private static final int HOST = 2;
  private static final int ADDRESS_LENGTH = 16;

  /** The quote that the service at the port makes of the TDREPORT. */
  Bytes quote(long port, Bytes tdReport) {
    long start = timing.nanoTime();
    try (Descriptor socket =
        Descriptor.vsock(libc, call -> QgsMessages.failure("socket: " + call.error()))) {
      connect(socket, port);
      send(socket, QgsMessages.request(tdReport), start);
      int length = QgsMessages.responseLength(receive(socket, 4, start));
      return QgsMessages.quote(receive(socket, length, start));
    }
  }

  /** {@code sockaddr_vm}: family, zero, port, context id, flags and zeros. */
  private static void connect(Descriptor socket, long port) {
    try (NativeBuffer address = NativeBuffer.zeros(ADDRESS_LENGTH)) {
      address.putU32(0, LibC.AF_VSOCK);
      address.putU32(4, port);
      address.putU32(8, HOST);
      CallResult connected = socket.connect(address);
      if (connected.failed()) {
        throw QgsMessages.failure("connect to port " + port + ": " + connected.error());
      }
    }
  }

  private void send(Descriptor socket, Bytes message, long start) {
    int sent = 0;
    while (sent < message.length()) {
      await(socket, LibC.POLLOUT, start);
      try (NativeBuffer rest = NativeBuffer.of(message.slice(sent, message.length()))) {
        CallResult written = socket.write(rest);
        if (written.failed() && written.errno() != Errno.EINTR) {
          throw QgsMessages.failure("write: " + written.error());
        }
        sent += Math.max(0, Math.toIntExact(written.value()));
      }
    }
  }

  private Bytes receive(Descriptor socket, int length, long start) {
    Bytes received = Bytes.EMPTY;
    while (received.length() < length) {
      await(socket, LibC.POLLIN, start);
      try (NativeBuffer buffer = NativeBuffer.zeros(length - received.length())) {
        CallResult read = socket.read(buffer);
        if (read.failed() && read.errno() == Errno.EINTR) {
          continue;
        }
        if (read.failed()) {
          throw QgsMessages.failure("read: " + read.error());
        }
        if (read.value() == 0) {
          throw QgsMessages.failure("response truncated: " + received.length() + " of " + length);
        }
        received = Bytes.concat(received, buffer.bytes(0, Math.toIntExact(read.value())));
      }
    }
    return received;
  }

  private void await(Descriptor socket, int events, long start) {
    CallResult ready;
    do {
      long left = timeout.toNanos() - (timing.nanoTime() - start);
      if (left <= 0) {
        throw QgsMessages.failure("no answer within " + timeout.toSeconds() + " s");
      }
      ready = socket.poll(events, Math.clamp(left / 1_000_000, 1, Integer.MAX_VALUE));
    } while (ready.value() == 0 || (ready.failed() && ready.errno() == Errno.EINTR));
    if (ready.failed()) {
      throw QgsMessages.failure("poll: " + ready.error());
    }
  }
}
