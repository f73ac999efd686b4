package dstack.kms.rpc.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** When something that should grow did so last. */
final class AdvanceTest {
  private final AtomicReference<Optional<Long>> value = new AtomicReference<>(Optional.empty());
  private final AtomicLong now = new AtomicLong(1000);
  private final NodeMetrics metrics = new NodeMetrics();

  AdvanceTest() {
    new Advance(value::get, () -> Instant.ofEpochSecond(now.get()))
        .showIn(metrics, "height", "The height.", "moment", "When it changed.");
  }

  private void shows(String height, String moment) {
    assertThat(metrics.text()).contains("\nheight " + height + "\n", "\nmoment " + moment + "\n");
  }

  @Test
  void hasNoMomentBeforeThereIsAValue() {
    shows("NaN", "NaN");
  }

  @Test
  void keepsTheMomentOfTheLastChange() {
    value.set(Optional.of(7L));
    shows("7", "1000");
    now.set(1100);
    shows("7", "1000");
    value.set(Optional.of(8L));
    shows("8", "1100");
  }

  /** Else nobody would be woken where nothing can be read at all. */
  @Test
  void goesOnAgeingWhileTheValueIsLost() {
    value.set(Optional.of(7L));
    shows("7", "1000");
    now.set(1200);
    value.set(Optional.empty());
    shows("NaN", "1000");
    value.set(Optional.of(7L));
    shows("7", "1000");
  }
}
