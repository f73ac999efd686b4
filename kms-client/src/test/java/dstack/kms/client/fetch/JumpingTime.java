package dstack.kms.client.fetch;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Time that stands still but for pauses, which take none. */
final class JumpingTime implements Waiting {
  final List<Duration> pauses = new ArrayList<>();
  private long now;

  @Override
  public long now() {
    return now;
  }

  @Override
  public void pause(Duration length) {
    pauses.add(length);
    now += length.toNanos();
  }

  void pass(Duration length) {
    now += length.toNanos();
  }
}
