package dstack.kms.attest.collateral;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * How collateral is fetched and kept.
 *
 * @param endpoints asked in this order
 * @param connectTimeout for each connection
 * @param totalDeadline for all requests and endpoints together, and for callers that wait
 * @param refreshAfter collateral older than this is renewed in the background
 * @param backOff after a failure nobody asks again for so long
 * @param maxConcurrentFetches keys that are fetched at the same time; more are refused
 * @param folder where collateral survives a restart, if anywhere
 * @param maxAge documents issued longer ago are not used although they are in force; at least 31
 *     days, because Intel reissues some of them no more often than monthly
 */
public record CollateralSettings(
    List<CollateralEndpoint> endpoints,
    Duration connectTimeout,
    Duration totalDeadline,
    Duration refreshAfter,
    Duration backOff,
    int maxConcurrentFetches,
    Optional<Path> folder,
    Optional<Duration> maxAge) {
  /** The shortest maximum age that does not stop honest fleets. */
  public static final Duration MIN_MAX_AGE = Duration.ofDays(31);

  /**
   * @throws IllegalArgumentException for no endpoint, a duration that is not positive, or a maximum
   *     age below 31 days
   */
  public CollateralSettings {
    endpoints = List.copyOf(endpoints);
    if (endpoints.isEmpty()) {
      throw new IllegalArgumentException("at least one collateral endpoint is needed");
    }
    for (Duration duration : List.of(connectTimeout, totalDeadline, refreshAfter, backOff)) {
      if (!duration.isPositive()) {
        throw new IllegalArgumentException("not a positive duration: " + duration);
      }
    }
    if (maxConcurrentFetches < 1) {
      throw new IllegalArgumentException("maxConcurrentFetches is " + maxConcurrentFetches);
    }
    if (maxAge.isPresent() && maxAge.get().compareTo(MIN_MAX_AGE) < 0) {
      throw new IllegalArgumentException("a maximum age below 31 days refuses honest platforms");
    }
  }

  /** The defaults for these endpoints: nothing on disk, no maximum age. */
  public static CollateralSettings of(List<CollateralEndpoint> endpoints) {
    return new CollateralSettings(
        endpoints,
        Duration.ofSeconds(5),
        Duration.ofSeconds(30),
        Duration.ofHours(1),
        Duration.ofSeconds(10),
        16,
        Optional.empty(),
        Optional.empty());
  }

  /** The same, kept in that folder. */
  public CollateralSettings keptIn(Path path) {
    return new CollateralSettings(
        endpoints,
        connectTimeout,
        totalDeadline,
        refreshAfter,
        backOff,
        maxConcurrentFetches,
        Optional.of(path),
        maxAge);
  }
}
