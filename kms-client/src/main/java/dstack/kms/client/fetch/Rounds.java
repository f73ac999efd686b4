package dstack.kms.client.fetch;

import dstack.kms.client.refusal.FetchRefusal;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.core.refusal.RefusalKind;
import dstack.kms.rpc.client.RpcUrl;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.BiFunction;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks one server after the other, and all of them again after a pause, until one gives the keys.
 * It ends early when each has refused: nothing is going to change that by itself. A server that
 * hangs takes no more than its share of the time that is left.
 */
final class Rounds {
  private static final Logger log = LoggerFactory.getLogger(Rounds.class);
  private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(15);
  private static final Duration LONGEST_ATTEMPT = Duration.ofSeconds(20);

  private final Waiting waiting;
  private final RandomGenerator random;

  Rounds(Waiting waiting, RandomGenerator random) {
    this.waiting = waiting;
    this.random = random;
  }

  /**
   * The first result.
   *
   * @param deadline for everything together
   * @param attempt asks one server for at most so long
   * @throws RefusalException what the first server refused, if one did; else that none was there
   */
  Fetched run(List<RpcUrl> urls, Duration deadline, BiFunction<RpcUrl, Duration, Fetched> attempt) {
    long begin = waiting.now();
    Duration pause = FIRST_PAUSE;
    List<RefusalException> last = new ArrayList<>();
    while (true) {
      List<RefusalException> refusals = new ArrayList<>();
      for (int i = 0; i < urls.size(); i++) {
        RpcUrl url = urls.get(i);
        Duration left = deadline.minusNanos(waiting.now() - begin);
        if (!left.isPositive()) {
          throw over(deadline, refusals, last);
        }
        try {
          return attempt.apply(url, share(left, urls.size() - i));
        } catch (RefusalException e) {
          log.warn("{}: {} [{}] {}", url.text(), e.text(), e.code().code(), e.detail());
          refusals.add(e);
        }
      }
      if (refusals.stream().noneMatch(Rounds::mayPass)) {
        throw first(refusals);
      }
      Duration left = deadline.minusNanos(waiting.now() - begin);
      Duration next = jittered(pause);
      if (left.compareTo(next) <= 0) {
        throw over(deadline, refusals, last);
      }
      pause(next, refusals);
      pause = longer(pause);
      last = refusals;
    }
  }

  private static Duration share(Duration left, int servers) {
    Duration equal = left.dividedBy(servers);
    return equal.compareTo(LONGEST_ATTEMPT) < 0 ? equal : LONGEST_ATTEMPT;
  }

  /** Whether asking again may help. */
  private static boolean mayPass(RefusalException e) {
    return e.code().kind() == RefusalKind.UNAVAILABLE || e.code() == FetchRefusal.KMS_CHANGED;
  }

  /** Half of it to all of it: many enclaves start at once. */
  private Duration jittered(Duration pause) {
    return pause.dividedBy(2).plusNanos(random.nextLong(pause.toNanos() / 2));
  }

  private static Duration longer(Duration pause) {
    Duration twice = pause.multipliedBy(2);
    return twice.compareTo(LONGEST_PAUSE) < 0 ? twice : LONGEST_PAUSE;
  }

  private void pause(Duration length, List<RefusalException> refusals) {
    try {
      waiting.pause(length);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw first(refusals);
    }
  }

  /**
   * The most telling: what a server refused, else why one could not answer, else that time was
   * over.
   */
  private static RefusalException first(List<RefusalException> refusals) {
    return refusals.stream()
        .min(Comparator.comparingInt(Rounds::silence))
        .orElseGet(() -> FetchRefusal.DEADLINE.because("no time to ask anybody"));
  }

  private static int silence(RefusalException e) {
    if (e.code() == FetchRefusal.DEADLINE) {
      return 2;
    }
    return e.code().kind() == RefusalKind.UNAVAILABLE ? 1 : 0;
  }

  private static RefusalException over(
      Duration deadline, List<RefusalException> now, List<RefusalException> before) {
    List<RefusalException> all = new ArrayList<>(now);
    all.addAll(before);
    RefusalException said = first(all);
    return silence(said) == 1
        ? new RefusalException(
            said.code(),
            "no keys within " + deadline.toSeconds() + " s: " + said.text(),
            said.detail())
        : said;
  }
}
