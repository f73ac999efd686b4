package dstack.kms.rpc.limit;

import static org.assertj.core.api.Assertions.assertThat;

import dstack.kms.core.config.Rate;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

final class TokenBucketsTest {
  private static final Rate TEN_A_SECOND = new Rate(10, Duration.ofSeconds(1));

  private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 5);

  private TokenBuckets<String> buckets(Rate rate, int capacity) {
    return new TokenBuckets<>(rate, capacity, now::get);
  }

  private static long granted(TokenBuckets<String> buckets, String key, int tries) {
    return IntStream.range(0, tries).filter(_ -> buckets.take(key).isEmpty()).count();
  }

  @Test
  void grantsTheWholeCountAtOnceAndNoMore() {
    assertThat(granted(buckets(TEN_A_SECOND, 9), "a", 50)).isEqualTo(10);
  }

  @Test
  void refillsEvenlyAlsoOverTheEndOfTheClock() {
    TokenBuckets<String> buckets = buckets(TEN_A_SECOND, 9);
    granted(buckets, "a", 10);
    now.addAndGet(Duration.ofMillis(350).toNanos());
    assertThat(granted(buckets, "a", 50)).isEqualTo(3);
  }

  @Test
  void neverHoldsMoreThanTheCountHoweverLongNobodyAsked() {
    TokenBuckets<String> buckets = buckets(TEN_A_SECOND, 9);
    granted(buckets, "a", 1);
    now.addAndGet(Duration.ofHours(5).toNanos());
    assertThat(granted(buckets, "a", 50)).isEqualTo(10);
  }

  @Test
  void saysHowLongToWaitAndGrantsExactlyThen() {
    TokenBuckets<String> buckets = buckets(new Rate(2, Duration.ofHours(1)), 9);
    granted(buckets, "a", 2);
    Duration wait = buckets.take("a").orElseThrow();
    assertThat(wait).isBetween(Duration.ofMinutes(29), Duration.ofMinutes(31));
    now.addAndGet(wait.toNanos() / 2);
    assertThat(buckets.take("a")).isPresent();
    now.addAndGet(wait.toNanos() / 2 + Duration.ofMillis(1).toNanos());
    assertThat(buckets.take("a")).isEmpty();
  }

  @Test
  void keepsKeysApart() {
    TokenBuckets<String> buckets = buckets(TEN_A_SECOND, 9);
    granted(buckets, "a", 50);
    assertThat(granted(buckets, "b", 50)).isEqualTo(10);
  }

  @Test
  void remembersNoMoreKeysThanItMayAndForgetsTheOldest() {
    TokenBuckets<String> buckets = buckets(TEN_A_SECOND, 100);
    granted(buckets, "old", 10);
    IntStream.range(0, 99).forEach(i -> buckets.take("key " + i));
    assertThat(buckets.take("old")).as("still known").isPresent();
    IntStream.range(0, 10_000).forEach(i -> buckets.take("other " + i));
    assertThat(buckets.size()).isEqualTo(100);
    assertThat(buckets.take("old")).as("forgotten").isEmpty();
  }

  /** Whatever the pauses, no window of a period grants more than twice the count. */
  @Property(tries = 200)
  void grantsAtMostTheCountAndWhatTheTimeRefilled(
      @ForAll @Size(max = 200) long[] pauses, @ForAll @IntRange(min = 1, max = 50) int count) {
    AtomicLong time = new AtomicLong();
    TokenBuckets<String> buckets =
        new TokenBuckets<>(new Rate(count, Duration.ofSeconds(1)), 1, time::get);
    long granted = 0;
    for (long pause : pauses) {
      time.addAndGet(Math.floorMod(pause, 300_000_000L));
      granted += buckets.take("a").isEmpty() ? 1 : 0;
    }
    assertThat((double) granted).isLessThanOrEqualTo(count + time.get() / 1e9 * count + 1e-6);
  }
}
