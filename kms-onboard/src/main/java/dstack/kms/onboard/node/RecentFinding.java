package dstack.kms.onboard.node;

import dstack.kms.core.refusal.RefusalException;
import dstack.kms.rpc.health.ReadyCheck.Finding;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A finding that costs a question to another service, asked again only after ten seconds: whoever
 * reads {@code /ready} often must not load the authority.
 */
final class RecentFinding implements Supplier<Finding> {
  private static final Duration KEPT = Duration.ofSeconds(10);

  private final Supplier<String> question;
  private final InstantSource clock;

  /** Guards the last finding, so that concurrent readers ask once. */
  private final ReentrantLock asking = new ReentrantLock();

  private @Nullable Known known;

  private record Known(Finding finding, Instant since) {}

  /**
   * @param question answers with what was found, or refuses
   * @param clock tells how old a finding is
   */
  RecentFinding(Supplier<String> question, InstantSource clock) {
    this.question = question;
    this.clock = clock;
  }

  @Override
  public Finding get() {
    asking.lock();
    try {
      Known last = known;
      Instant now = clock.instant();
      // A clock that was set back must not keep a finding until it has caught up.
      if (last != null && !now.isBefore(last.since()) && now.isBefore(last.since().plus(KEPT))) {
        return last.finding();
      }
      Finding fresh = ask();
      known = new Known(fresh, now);
      return fresh;
    } finally {
      asking.unlock();
    }
  }

  private Finding ask() {
    try {
      return Finding.good(question.get());
    } catch (RefusalException e) {
      return Finding.bad(e.code().code());
    }
  }
}
