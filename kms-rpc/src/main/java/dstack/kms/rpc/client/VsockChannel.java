package dstack.kms.rpc.client;

import dstack.kms.attest.device.CallResult;
import dstack.kms.attest.device.LibC;
import dstack.kms.attest.device.NativeBuffer;
import dstack.kms.attest.device.NativeLibC;
import dstack.kms.core.refusal.RefusalException;
import io.netty.channel.Channel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDomainSocketChannel;

/**
 * Connects to a vsock port and gives the connected socket to Netty's event loops, which treat it as
 * a Unix socket: as a stream without options of TCP, which it has not. The kernel bounds
 * connecting, at two seconds.
 */
final class VsockChannel {
  private static final int ADDRESS_LENGTH = 16;

  private VsockChannel() {}

  static Channel connected(Route.VsockPort port) {
    if (!Epoll.isAvailable()) {
      throw new RefusalException(
          ClientRefusal.UNREACHABLE, port + " cannot be reached: vsock needs Linux on x86-64");
    }
    LibC libc = NativeLibC.load();
    CallResult socket = libc.socket(LibC.AF_VSOCK, LibC.SOCK_STREAM);
    if (socket.failed()) {
      throw unreachable(port, socket);
    }
    int descriptor = Math.toIntExact(socket.value());
    CallResult connected = connect(libc, descriptor, port);
    if (connected.failed()) {
      CallResult closed = libc.close(descriptor);
      throw unreachable(port, closed.failed() ? closed : connected);
    }
    return new EpollDomainSocketChannel(descriptor);
  }

  /** {@code sockaddr_vm}: family, zero, port, context id, flags and zeros. */
  private static CallResult connect(LibC libc, int descriptor, Route.VsockPort port) {
    try (NativeBuffer address = NativeBuffer.zeros(ADDRESS_LENGTH)) {
      address.putU32(0, LibC.AF_VSOCK);
      address.putU32(4, port.port());
      address.putU32(8, port.contextId());
      return libc.connect(descriptor, address);
    }
  }

  private static RefusalException unreachable(Route.VsockPort port, CallResult why) {
    return new RefusalException(
        ClientRefusal.UNREACHABLE, "cannot connect to " + port, why.error());
  }
}
