package dstack.kms.sim.nitro;

import java.time.Duration;

/** The certificates below the root, with the validities of real ones (specification 15 §2). */
public enum NitroLink {
  REGIONAL(Duration.ofDays(10), Duration.ofDays(10)),
  ZONAL(Duration.ofDays(3), Duration.ofDays(3)),
  INSTANCE(Duration.ofHours(12), Duration.ofHours(12)),
  LEAF(Duration.ofMinutes(1), Duration.ofHours(3));

  private final Duration before;
  private final Duration after;

  NitroLink(Duration before, Duration after) {
    this.before = before;
    this.after = after;
  }

  Duration before() {
    return before;
  }

  Duration after() {
    return after;
  }
}
