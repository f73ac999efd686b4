package dstack.kms.onboard.node;

import static org.assertj.core.api.Assertions.assertThat;

import dstack.kms.core.refusal.RefusalException;
import dstack.kms.onboard.machine.MachineRefusal;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** When a chore is done, by a clock that only the test moves. */
class ChoreTest {
  private static final Duration EVERY = Duration.ofHours(1);

  private final AtomicReference<Instant> now =
      new AtomicReference<>(Instant.parse("2030-01-01T00:00:00Z"));
  private int done;
  private boolean failing;
  private boolean broken;
  private Duration every = EVERY;

  private final Chore chore =
      new Chore("the test", () -> every, this::work, now.get().plus(EVERY), now::get);

  private void work() {
    done++;
    if (broken) {
      throw new IllegalStateException("a bug");
    }
    if (failing) {
      throw new RefusalException(MachineRefusal.OWN_EVIDENCE, "not now");
    }
  }

  private int after(Duration more) {
    now.updateAndGet(instant -> instant.plus(more));
    chore.run();
    return done;
  }

  @Test
  void isDoneWhenItIsDueAndNotBefore() {
    assertThat(after(Duration.ofMinutes(59))).isZero();
    assertThat(after(Duration.ofMinutes(1))).isEqualTo(1);
    assertThat(after(Duration.ofMinutes(59))).isEqualTo(1);
    assertThat(after(Duration.ofMinutes(1))).isEqualTo(2);
  }

  @Test
  void isTriedAgainWithGrowingPausesUntilItWorks() {
    failing = true;
    assertThat(after(EVERY)).isEqualTo(1);
    assertThat(after(Duration.ofSeconds(9))).isEqualTo(1);
    assertThat(after(Duration.ofSeconds(1))).isEqualTo(2);
    assertThat(after(Duration.ofSeconds(19))).isEqualTo(2);
    failing = false;
    assertThat(after(Duration.ofSeconds(1))).isEqualTo(3);
    assertThat(after(Duration.ofMinutes(59))).isEqualTo(3);
  }

  @Test
  void isNeverTriedMoreRarelyThanUsual() {
    failing = true;
    after(EVERY);
    for (int i = 0; i < 20; i++) {
      int before = done;
      assertThat(after(EVERY)).isEqualTo(before + 1);
    }
  }

  @Test
  void outlivesABug() {
    broken = true;
    assertThat(after(EVERY)).isEqualTo(1);
    assertThat(after(Duration.ofSeconds(10))).isEqualTo(2);
  }

  @Test
  void doesNotWaitForAClockThatWasSetBack() {
    after(EVERY);
    now.updateAndGet(instant -> instant.minus(Duration.ofDays(30)));
    chore.run();
    assertThat(after(EVERY)).isEqualTo(2);
  }

  @Test
  void followsAConfigurationThatWantsItMoreOften() {
    every = Duration.ofMinutes(1);
    chore.run();
    assertThat(after(Duration.ofMinutes(1))).isEqualTo(1);
  }
}
