package dstack.kms.rpc.http;

import dstack.kms.core.bytes.Bytes;
import java.net.Inet4Address;
import java.net.InetAddress;

/**
 * What clients are told apart by: an IPv4 address, or the first 8 bytes of an IPv6 address, which
 * is what one customer has.
 *
 * @param prefix 4 or 8 bytes
 */
public record ClientNetwork(Bytes prefix) {
  private static final int PREFIX = 8;

  /** The network of that address. */
  public static ClientNetwork of(InetAddress address) {
    byte[] bytes = address.getAddress();
    return new ClientNetwork(
        address instanceof Inet4Address ? Bytes.of(bytes) : Bytes.of(bytes, 0, PREFIX));
  }
}
