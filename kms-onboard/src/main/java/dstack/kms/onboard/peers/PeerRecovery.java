package dstack.kms.onboard.peers;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.config.EndpointUrl;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.onboard.progress.Progress;
import dstack.kms.onboard.progress.SetupStep;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the peers in their order, again and again, until one hands the keys over or the node has
 * keys from elsewhere. Between rounds it pauses, longer each time up to half a minute, and never as
 * long as another node that begins at the same moment.
 */
public final class PeerRecovery implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(PeerRecovery.class);
  private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);
  private static final int MOST_DOUBLINGS = 5;

  private final Plan plan;
  private final PeerBoard board;
  private final CountDownLatch stopped = new CountDownLatch(1);
  private final Thread thread;

  /** Takes the keys of one source. */
  @FunctionalInterface
  public interface Source {
    /** Takes them over, all or nothing; the root k256 public key. */
    Bytes takeFrom(String url, Progress progress);
  }

  /**
   * What there is to do.
   *
   * @param peers in the order in which they are asked
   * @param source takes the keys of one
   * @param hasKeys whether there are keys, from wherever
   * @param recovered is run once when a peer gave its keys
   * @param random makes the pauses uneven
   */
  public record Plan(
      List<EndpointUrl> peers,
      Source source,
      BooleanSupplier hasKeys,
      Runnable recovered,
      RandomGenerator random) {
    public Plan {
      peers = List.copyOf(peers);
    }
  }

  private PeerRecovery(Plan plan) {
    this.plan = plan;
    board = new PeerBoard(plan.peers());
    thread = Thread.ofVirtual().name("peer-recovery").unstarted(this::run);
  }

  /** Begins in the background. */
  public static PeerRecovery begin(Plan plan) {
    PeerRecovery recovery = new PeerRecovery(plan);
    recovery.thread.start();
    return recovery;
  }

  /** How it goes. */
  public PeerBoard board() {
    return board;
  }

  /** Asks nobody any more; gives an attempt that runs up. */
  @Override
  public void close() {
    stopped.countDown();
    thread.interrupt();
  }

  private void run() {
    for (int round = 0; goesOn(); round++) {
      for (EndpointUrl peer : plan.peers()) {
        if (goesOn() && gave(peer)) {
          plan.recovered().run();
          return;
        }
      }
      if (!pause(round)) {
        return;
      }
    }
  }

  private boolean goesOn() {
    return stopped.getCount() > 0 && !plan.hasKeys().getAsBoolean();
  }

  private boolean gave(EndpointUrl peer) {
    board.begins(peer);
    try {
      Bytes identity = plan.source().takeFrom(peer.uri().toString(), new Seen(peer));
      board.gave(peer);
      log.info("the peer {} gave its keys: k256 public key {}", peer.display(), identity);
      return true;
    } catch (RefusalException e) {
      board.refused(peer, e);
      log.warn("peer {}: [{}] {} ({})", peer.display(), e.code().code(), e.text(), e.detail());
      return false;
    } catch (RuntimeException bug) {
      // The root of this thread: one peer's answers must not end the recovery from the others.
      log.error("the attempt at peer {} failed unexpectedly", peer.display(), bug);
      board.failed(peer);
      return false;
    }
  }

  /** False if it was ended meanwhile. */
  private boolean pause(int round) {
    try {
      return !stopped.await(length(round, plan.random()).toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** From half the length of that round to all of it. */
  static Duration length(int round, RandomGenerator random) {
    long grown = FIRST_PAUSE.toMillis() << Math.min(round, MOST_DOUBLINGS);
    long whole = Math.min(grown, LONGEST_PAUSE.toMillis());
    return Duration.ofMillis(whole / 2 + random.nextLong(whole / 2 + 1));
  }

  private final class Seen implements Progress {
    private final EndpointUrl peer;

    Seen(EndpointUrl peer) {
      this.peer = peer;
    }

    @Override
    public void at(SetupStep step) {
      board.at(peer, step);
    }

    @Override
    public void says(String text) {
      board.says(peer, text);
    }
  }
}
