package dstack.kms.core.trace;

import java.util.HexFormat;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One span's place in a trace, as {@code traceparent} of W3C Trace Context carries it.
 *
 * @param traceId 32 lower-case hexadecimal digits, not all zero
 * @param spanId of this span, 16 lower-case hexadecimal digits, not all zero
 * @param parentId of the span that called this one, if one is known
 * @param sampled whether the caller records the trace
 */
public record TraceContext(
    String traceId, String spanId, Optional<String> parentId, boolean sampled) {
  private static final Pattern VERSION_0 =
      Pattern.compile("00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})");
  private static final Pattern ZERO = Pattern.compile("0*");

  /**
   * Reads a header of version 00, exactly; empty for every other text, which begins a trace anew.
   */
  public static Optional<TraceContext> parse(String header) {
    Matcher matcher = VERSION_0.matcher(header);
    if (!matcher.matches() || isZero(matcher.group(1)) || isZero(matcher.group(2))) {
      return Optional.empty();
    }
    boolean sampled = (Integer.parseInt(matcher.group(3), 16) & 1) == 1;
    return Optional.of(
        new TraceContext(matcher.group(1), matcher.group(2), Optional.empty(), sampled));
  }

  /** The first span of a trace. */
  public static TraceContext root(RandomGenerator random) {
    return new TraceContext(id(random, 16), id(random, 8), Optional.empty(), true);
  }

  /** A span under this one. */
  public TraceContext child(RandomGenerator random) {
    return new TraceContext(traceId, id(random, 8), Optional.of(spanId), sampled);
  }

  /** The header that tells a called service of this span. */
  public String header() {
    return "00-" + traceId + "-" + spanId + (sampled ? "-01" : "-00");
  }

  private static boolean isZero(String digits) {
    return ZERO.matcher(digits).matches();
  }

  private static String id(RandomGenerator random, int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    bytes[0] |= 1; // never all zero
    return HexFormat.of().formatHex(bytes);
  }
}
