package dstack.kms.bench;

import java.util.Arrays;
import java.util.Locale;

/** What one run measures. */
enum Part {
  /** Everything. */
  ALL("dstack\\.kms\\.bench\\..*Bench\\."),
  /** The verification of the platforms beside plain TDX. */
  PLATFORMS("dstack\\.kms\\.bench\\.PlatformBench\\.");

  private final String benchmarks;

  Part(String benchmarks) {
    this.benchmarks = benchmarks;
  }

  /** The part of that name in small letters. */
  static Part ofWord(String word) {
    return Arrays.stream(values())
        .filter(part -> part.name().toLowerCase(Locale.ROOT).equals(word))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no part " + word + ": all or platforms"));
  }

  /** The JMH benchmarks of it, as a regular expression. */
  String benchmarks() {
    return benchmarks;
  }
}
