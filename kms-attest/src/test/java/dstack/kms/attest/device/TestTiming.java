package dstack.kms.attest.device;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Time that passes only by pauses, which take none. */
public final class TestTiming implements Timing {
  private final List<Duration> pauses = new ArrayList<>();
  private long now = 7;
  public Runnable duringPause = () -> {};

  @Override
  public long nanoTime() {
    return now;
  }

  @Override
  public void pause(Duration duration) {
    pauses.add(duration);
    now += duration.toNanos();
    duringPause.run();
  }

  public List<Duration> pauses() {
    return List.copyOf(pauses);
  }
}
