package dstack.kms.chain.rpc;

import java.time.Duration;

/**
 * What one exchange may cost.
 *
 * @param connectTimeout how long a connection may take
 * @param totalTimeout how long connection, request and answer may take together, unless the caller
 *     has a deadline of its own
 * @param maxAnswer how many bytes an answer may have, whatever was asked; what is known to be
 *     shorter has a bound of its own
 */
public record RpcLimits(Duration connectTimeout, Duration totalTimeout, long maxAnswer) {
  /** 3 seconds, 10 seconds, 2 MiB: enough for any block's header and list of transactions. */
  public static final RpcLimits DEFAULT =
      new RpcLimits(Duration.ofSeconds(3), Duration.ofSeconds(10), 2L << 20);

  /** Refuses limits that limit nothing. */
  public RpcLimits {
    boolean positive = connectTimeout.isPositive() && totalTimeout.isPositive();
    if (!positive || maxAnswer < 1 || maxAnswer > Integer.MAX_VALUE) {
      throw new IllegalArgumentException("limits of an exchange must be positive");
    }
  }
}
