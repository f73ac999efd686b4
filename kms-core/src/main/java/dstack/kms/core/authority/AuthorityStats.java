package dstack.kms.core.authority;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What an authority that reads a chain counted since it was made, and what it sees now.
 *
 * @param decisions by outcome: {@code allowed}, {@code denied}, {@code undecided}
 * @param disagreements how often endpoints answered the same question at the same block differently
 * @param reorganizations how often an endpoint took a block back
 * @param head the newest block, if one is known
 * @param endpoints each as it was seen last
 */
public record AuthorityStats(
    Map<String, Long> decisions,
    long disagreements,
    long reorganizations,
    Optional<Head> head,
    List<Endpoint> endpoints) {
  /** Copies both collections. */
  public AuthorityStats {
    decisions = Map.copyOf(decisions);
    endpoints = List.copyOf(endpoints);
  }

  /**
   * The newest block.
   *
   * @param number its height
   * @param age how old it is by its own time
   */
  public record Head(long number, Duration age) {}

  /**
   * One endpoint.
   *
   * @param name scheme, host and port
   * @param healthy whether it may be asked
   * @param lag how many blocks it is behind the newest that any endpoint has
   * @param silence how long ago it was heard of last
   */
  public record Endpoint(String name, boolean healthy, long lag, Duration silence) {}
}
