package dstack.kms.chain.head;

import dstack.kms.chain.rpc.Deadline;
import dstack.kms.chain.rpc.ForeignWords;
import dstack.kms.chain.rpc.RpcClient;
import dstack.kms.core.refusal.RefusalException;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at one endpoint again and again, more seldom while it is in trouble.
 *
 * <p>Whenever it comes back, chain and contract are checked before it is believed.
 */
final class EndpointWatch implements Runnable, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(EndpointWatch.class);

  /** How often the contract's own words are read again; each reading proves that calls work. */
  private static final Duration CONTRACT_INTERVAL = Duration.ofSeconds(30);

  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

  /** While there is no view, blocks that are missing for one are asked for soon. */
  private static final Duration SHORT_PAUSE = Duration.ofMillis(250);

  /** How a look is done. */
  record Parts(ContractCheck contract, EndpointLook look, Duration poll, Duration timeout) {}

  private final HeadBoard board;
  private final Parts parts;
  private final RpcClient client;
  private final BlockingQueue<Boolean> wakes = new LinkedBlockingQueue<>(1);
  private final Thread thread;
  private volatile boolean closed;
  private Sighting last;
  private long contractSeen;
  private boolean introduced;
  private int failures;

  EndpointWatch(HeadBoard board, RpcClient client, Parts parts) {
    this.board = board;
    this.client = client;
    this.parts = parts;
    last = Sighting.none(client, System.nanoTime());
    thread = Thread.ofVirtual().name("chain-watch").unstarted(this);
  }

  void start() {
    thread.start();
  }

  /** Looks again now, unless it does so anyway. */
  void wake() {
    wakes.offer(true);
  }

  @Override
  public void run() {
    while (!closed) {
      look();
      try {
        wakes.poll(pause().toNanos(), TimeUnit.NANOSECONDS);
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  private Duration pause() {
    if (failures > 0) {
      Duration longer = parts.poll().multipliedBy(1L << Math.min(failures - 1, 10));
      return longer.compareTo(LONGEST_PAUSE) < 0 ? longer : LONGEST_PAUSE;
    }
    boolean hurry = !board.hasView() && SHORT_PAUSE.compareTo(parts.poll()) < 0;
    return hurry ? SHORT_PAUSE : parts.poll();
  }

  private void look() {
    Deadline deadline = Deadline.in(parts.timeout());
    try {
      introduce(deadline);
      EndpointLook.Seen seen = parts.look().look(last, board.wanted(), deadline);
      if (seen.tookBack()) {
        log.warn("{} took blocks back at height {}", client.endpoint(), last.headNumber());
      }
      if (failures > 0 || last.head().isEmpty()) {
        log.info("{} answers for the chain", client.endpoint());
      }
      failures = 0;
      last = seen.sighting();
      board.saw(last, seen.tookBack());
    } catch (RefusalException e) {
      failed(e);
    } catch (RuntimeException e) {
      // The root of this thread: without it nobody would ever look at this endpoint again.
      log.error("a look at {} failed unexpectedly", client.endpoint(), e);
      failed(
          new RefusalException(
              HeadRefusal.NOT_READY, "a look at " + client.endpoint() + " failed unexpectedly"));
    }
  }

  private void introduce(Deadline deadline) {
    long now = System.nanoTime();
    if (introduced && now - contractSeen < CONTRACT_INTERVAL.toNanos()) {
      return;
    }
    board.learned(client, parts.contract().require(client, deadline));
    introduced = true;
    contractSeen = now;
  }

  private void failed(RefusalException why) {
    if (closed) {
      return;
    }
    if (failures++ == 0) {
      log.warn(
          "chain view not ready: {} ({}) {}",
          ForeignWords.shown(why.text()),
          why.code().code(),
          ForeignWords.shown(why.detail()));
    }
    introduced = false;
    last = last.failed(why);
    board.saw(last, false);
  }

  @Override
  public void close() {
    closed = true;
    thread.interrupt();
  }
}
