package dstack.kms.core.config;

import java.net.InetAddress;
import java.net.InetSocketAddress;

/**
 * Where a listener listens.
 *
 * @param address a literal address
 * @param port 0 lets the system choose one
 */
public record ListenAddress(InetAddress address, int port) {
  /** The same as a socket address. */
  public InetSocketAddress socketAddress() {
    return new InetSocketAddress(address, port);
  }
}
