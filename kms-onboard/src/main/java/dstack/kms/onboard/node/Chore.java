package dstack.kms.onboard.node;

import dstack.kms.core.refusal.RefusalException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Something that a node does by itself again and again. A failing one is tried again with growing
 * pauses, never rarer than a working one. Used by one thread.
 */
final class Chore implements Runnable {
  private static final Logger log = LoggerFactory.getLogger(Chore.class);
  private static final Duration FIRST_PAUSE = Duration.ofSeconds(10);
  private static final int MOST_DOUBLINGS = 10;

  private final String name;
  private final Supplier<Duration> every;
  private final Runnable work;
  private final InstantSource clock;
  private Instant due;
  private int failures;

  /**
   * @param name for the log
   * @param every how often; asked each time, as another configuration may change it
   * @param work may refuse
   * @param first when it is due for the first time
   * @param clock tells when it is due
   */
  Chore(String name, Supplier<Duration> every, Runnable work, Instant first, InstantSource clock) {
    this.name = name;
    this.every = every;
    this.work = work;
    this.clock = clock;
    due = first;
  }

  /** Does it if it is due. */
  @Override
  public void run() {
    Instant now = clock.instant();
    Instant latest = now.plus(every.get());
    // Later than that only by a clock that was set back, or by a configuration that was replaced.
    due = due.isAfter(latest) ? latest : due;
    if (!now.isBefore(due)) {
      Duration pause = done() ? every.get() : pause();
      due = clock.instant().plus(pause);
    }
  }

  private boolean done() {
    try {
      work.run();
      failures = 0;
      return true;
    } catch (RefusalException e) {
      log.warn("{} failed [{}] {} ({})", name, e.code().code(), e.text(), e.detail());
    } catch (RuntimeException bug) { // a thread root: the chore must not end without a word
      log.error("{} failed", name, bug);
    }
    failures++;
    return false;
  }

  private Duration pause() {
    Duration grown = FIRST_PAUSE.multipliedBy(1L << Math.min(failures - 1, MOST_DOUBLINGS));
    Duration usual = every.get();
    return grown.compareTo(usual) < 0 ? grown : usual;
  }
}
