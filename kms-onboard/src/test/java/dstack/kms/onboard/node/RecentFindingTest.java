package dstack.kms.onboard.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RecentFindingTest {
  private final AtomicReference<Instant> now =
      new AtomicReference<>(Instant.parse("2026-01-01T00:00:00Z"));
  private final AtomicInteger asked = new AtomicInteger();
  private final RecentFinding finding =
      new RecentFinding(() -> "answer " + asked.incrementAndGet(), now::get);

  @BeforeEach
  void askOnce() {
    assertThat(finding.get().text()).isEqualTo("answer 1");
  }

  @Test
  void isKeptForTenSeconds() {
    pass(Duration.ofMillis(9_999));

    assertThat(finding.get().text()).isEqualTo("answer 1");
  }

  @Test
  void isAskedForAgainAfterTenSeconds() {
    pass(Duration.ofSeconds(10));

    assertThat(finding.get().text()).isEqualTo("answer 2");
  }

  @Test
  void isAskedForAgainWhenTheClockWentBack() {
    pass(Duration.ofDays(-3650));

    assertThat(finding.get().text()).isEqualTo("answer 2");
  }

  private void pass(Duration time) {
    now.updateAndGet(instant -> instant.plus(time));
  }
}
