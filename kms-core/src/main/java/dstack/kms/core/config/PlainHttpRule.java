package dstack.kms.core.config;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Where an authority may be asked over plain HTTP: this machine, a private network, or a service of
 * the same compose file (T-16).
 */
final class PlainHttpRule {
  /** A numeric name such as 134744072 is an address in disguise, so a letter comes first. */
  private static final Pattern SINGLE_LABEL = Pattern.compile("[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?");

  private PlainHttpRule() {}

  static boolean forbids(EndpointUrl url) {
    return url.isPlain() && isPublic(url.host());
  }

  static boolean isPublic(String name) {
    String host = name.toLowerCase(Locale.ROOT);
    return !SINGLE_LABEL.matcher(host).matches() && !isPrivateAddress(host);
  }

  /** Where plain HTTP to that host goes, a public one included. */
  static PlainReach reach(String name) {
    String host = name.toLowerCase(Locale.ROOT);
    if (SINGLE_LABEL.matcher(host).matches()) {
      return PlainReach.NAME;
    }
    return isLoopback(host) ? PlainReach.MACHINE : PlainReach.NETWORK;
  }

  private static boolean isLoopback(String host) {
    try {
      return InetAddress.ofLiteral(host).isLoopbackAddress();
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static boolean isPrivateAddress(String host) {
    try {
      InetAddress address = InetAddress.ofLiteral(host);
      return address.isLoopbackAddress() || address.isSiteLocalAddress() || isUniqueLocal(address);
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  /** fc00::/7, which the JDK does not know as site-local. */
  private static boolean isUniqueLocal(InetAddress address) {
    return address instanceof Inet6Address && (address.getAddress()[0] & 0xfe) == 0xfc;
  }
}
