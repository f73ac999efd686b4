package dstack.kms.rpc.prpc;

import java.util.Locale;
import java.util.Map;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;

/**
 * The largest body of each method in bytes (specification 00 §9): 10 MiB for SignCert, 1 MiB for
 * every other, unless the configuration names one; its names compare case-insensitively.
 */
public final class BodyLimits implements ToLongFunction<String> {
  /** The limits without any configuration. */
  public static final BodyLimits DEFAULT = new BodyLimits(Map.of());

  private static final long MIB = 1 << 20;

  private final Map<String, Long> configured;

  /**
   * @param configured bytes by bare method name
   */
  public BodyLimits(Map<String, Long> configured) {
    this.configured =
        configured.entrySet().stream()
            .collect(Collectors.toUnmodifiableMap(e -> folded(e.getKey()), Map.Entry::getValue));
  }

  /** The limit of that method in bytes. */
  @Override
  public long applyAsLong(String method) {
    Long chosen = configured.get(folded(method));
    if (chosen != null) {
      return chosen;
    }
    return method.equals("SignCert") ? 10 * MIB : MIB;
  }

  private static String folded(String name) {
    return name.toLowerCase(Locale.ROOT);
  }
}
