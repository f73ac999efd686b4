package dstack.kms.attest.issuer;

import dstack.kms.core.bytes.Bytes;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

/** Tells public addresses from those of this machine, its networks and its neighbours (T-25). */
final class AddressRange {
  /** Ranges of IPv4 beside those that Java knows by name: prefix and its length in bits. */
  private static final List<AddressRange> NOT_PUBLIC_4 =
      List.of(
          of("00000000", 8), // this network
          of("64400000", 10), // shared by providers; metadata services of some clouds
          of("7f000000", 8),
          of("c0000000", 24), // protocol assignments
          of("c0000200", 24), // documentation
          of("c6120000", 15), // benchmarks
          of("c6336400", 24), // documentation
          of("cb007100", 24), // documentation
          of("f0000000", 4)); // reserved, broadcast

  /** Everything that is no global unicast address, and the tunnels inside that range. */
  private static final AddressRange GLOBAL_6 = of("2000" + "00".repeat(14), 3);

  private static final List<AddressRange> NOT_PUBLIC_6 =
      List.of(
          of("2001" + "00".repeat(14), 23), // protocol assignments, Teredo among them
          of("20010db8" + "00".repeat(12), 32), // documentation
          of("2002" + "00".repeat(14), 16)); // 6to4, which holds an IPv4 address

  /** Translation to IPv4, as networks without IPv4 of their own have it. */
  private static final AddressRange NAT64 = of("0064ff9b" + "00".repeat(12), 96);

  private final byte[] prefix;
  private final int bits;

  private AddressRange(byte[] prefix, int bits) {
    this.prefix = prefix;
    this.bits = bits;
  }

  private static AddressRange of(String hex, int bits) {
    return new AddressRange(Bytes.fromHex(hex).toArray(), bits);
  }

  static boolean isPublic(InetAddress address) {
    if (address.isAnyLocalAddress()
        || address.isLoopbackAddress()
        || address.isLinkLocalAddress()
        || address.isSiteLocalAddress()
        || address.isMulticastAddress()) {
      return false;
    }
    byte[] octets = address.getAddress();
    if (address instanceof Inet4Address) {
      return NOT_PUBLIC_4.stream().noneMatch(range -> range.holds(octets));
    }
    if (NAT64.holds(octets)) {
      return isPublic(ipv4(octets));
    }
    return GLOBAL_6.holds(octets) && NOT_PUBLIC_6.stream().noneMatch(range -> range.holds(octets));
  }

  private static InetAddress ipv4(byte[] nat64) {
    try {
      return InetAddress.getByAddress(new byte[] {nat64[12], nat64[13], nat64[14], nat64[15]});
    } catch (UnknownHostException e) {
      throw new IllegalStateException("four bytes are an address", e);
    }
  }

  private boolean holds(byte[] address) {
    for (int bit = 0; bit < bits; bit++) {
      int mask = 0x80 >> (bit % 8);
      if (((address[bit / 8] ^ prefix[bit / 8]) & mask) != 0) {
        return false;
      }
    }
    return true;
  }
}
