package dstack.kms.onboard.preflight;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** How often a question is really asked. */
final class RecentTest {
  private static final Duration KEPT = Duration.ofSeconds(3);

  private final AtomicReference<Instant> now =
      new AtomicReference<>(Instant.parse("2026-06-01T00:00:00Z"));
  private final AtomicInteger asked = new AtomicInteger();

  @Test
  void asksOnceWhileTheAnswerIsFresh() {
    Recent<Integer> recent = new Recent<>(asked::incrementAndGet, KEPT, now::get);
    for (int i = 0; i < 1000; i++) {
      assertThat(recent.get()).isEqualTo(1);
    }
    pass(KEPT.minusNanos(1));
    assertThat(recent.get()).isEqualTo(1);
    pass(Duration.ofNanos(1));
    assertThat(recent.get()).isEqualTo(2);
  }

  @Test
  void asksAgainWhenTheClockWasSetBack() {
    Recent<Integer> recent = new Recent<>(asked::incrementAndGet, KEPT, now::get);
    recent.get();
    pass(Duration.ofHours(-1));
    assertThat(recent.get()).isEqualTo(2);
  }

  @Test
  void keepsNoFailure() {
    Recent<Integer> recent =
        new Recent<>(
            () -> {
              if (asked.incrementAndGet() == 1) {
                throw new IllegalStateException("first");
              }
              return asked.get();
            },
            KEPT,
            now::get);
    assertThatThrownBy(recent::get).hasMessage("first");
    assertThat(recent.last()).isEmpty();
    assertThat(recent.get()).isEqualTo(2);
    assertThat(recent.last()).contains(2);
  }

  @Test
  void letsNobodyWaitForAnAnswerWhoCanHaveTheLastOne() throws Exception {
    CountDownLatch asking = new CountDownLatch(1);
    CountDownLatch answer = new CountDownLatch(1);
    Recent<Integer> recent =
        new Recent<>(
            () -> {
              int number = asked.incrementAndGet();
              if (number == 2) {
                asking.countDown();
                awaits(answer);
              }
              return number;
            },
            KEPT,
            now::get);
    recent.get();
    pass(KEPT);
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<Integer> slow = threads.submit(recent::get);
      awaits(asking);
      assertThat(recent.get()).isEqualTo(1);
      answer.countDown();
      assertThat(slow.get(10, TimeUnit.SECONDS)).isEqualTo(2);
    }
  }

  private static void awaits(CountDownLatch latch) {
    try {
      assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private void pass(Duration time) {
    now.updateAndGet(instant -> instant.plus(time));
  }
}
