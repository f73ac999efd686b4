package dstack.kms.core.certificate;

import dstack.kms.core.bytes.Bytes;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads the standard text forms of IP addresses and nothing looser: no leading zeros in decimal
 * parts, no scope, no brackets. The JDK's own parsers take more.
 */
final class IpLiteral {
  private static final String OCTET = "(25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)";
  private static final Pattern V4 =
      Pattern.compile(OCTET + "\\." + OCTET + "\\." + OCTET + "\\." + OCTET);
  private static final Pattern GROUP = Pattern.compile("[0-9a-fA-F]{1,4}");
  private static final int GROUPS = 8;
  private static final int MAX_TEXT = 45;

  private IpLiteral() {}

  /** The address in 4 or 16 bytes, or empty if the text is no address. */
  static Optional<Bytes> parse(String text) {
    if (text.length() > MAX_TEXT) {
      return Optional.empty();
    }
    Matcher v4 = V4.matcher(text);
    return v4.matches() ? Optional.of(octets(v4)) : v6(text);
  }

  private static Bytes octets(Matcher v4) {
    byte[] address = new byte[4];
    for (int i = 0; i < 4; i++) {
      address[i] = (byte) Integer.parseInt(v4.group(i + 1));
    }
    return Bytes.of(address);
  }

  private static Optional<Bytes> v6(String text) {
    int gap = text.indexOf("::");
    if (gap < 0) {
      return groups(text, true).filter(all -> all.size() == GROUPS).map(IpLiteral::join);
    }
    Optional<List<Integer>> left = groups(text.substring(0, gap), false);
    Optional<List<Integer>> right = groups(text.substring(gap + 2), true);
    if (left.isEmpty() || right.isEmpty()) {
      return Optional.empty();
    }
    List<Integer> all = new ArrayList<>(left.get());
    int missing = GROUPS - left.get().size() - right.get().size();
    if (missing < 1) {
      return Optional.empty();
    }
    for (int i = 0; i < missing; i++) {
      all.add(0);
    }
    all.addAll(right.get());
    return Optional.of(join(all));
  }

  /** Groups of four hexadecimal digits; the last may be an IPv4 address that stands for two. */
  private static Optional<List<Integer>> groups(String text, boolean mayEndInV4) {
    List<Integer> groups = new ArrayList<>();
    if (text.isEmpty()) {
      return Optional.of(groups);
    }
    String[] parts = text.split(":", -1);
    for (int i = 0; i < parts.length; i++) {
      Matcher v4 = V4.matcher(parts[i]);
      if (GROUP.matcher(parts[i]).matches()) {
        groups.add(Integer.parseInt(parts[i], 16));
      } else if (mayEndInV4 && i == parts.length - 1 && v4.matches()) {
        Bytes octets = octets(v4);
        groups.add(octets.at(0) << 8 | octets.at(1));
        groups.add(octets.at(2) << 8 | octets.at(3));
      } else {
        return Optional.empty();
      }
    }
    return Optional.of(groups);
  }

  private static Bytes join(List<Integer> groups) {
    ByteBuffer address = ByteBuffer.allocate(2 * GROUPS);
    groups.forEach(group -> address.putShort(group.shortValue()));
    return Bytes.of(address.array());
  }
}
