package dstack.kms.cli.dev;

import dstack.kms.onboard.node.NodeRunner;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** How far a server sees the chain. */
final class ChainView {
  private static final Duration LONGEST = Duration.ofSeconds(20);
  private static final int MILLISECONDS_BETWEEN_LOOKS = 20;

  private ChainView() {}

  /** Returns when the server decides by that block or a later one; at once for block 0. */
  static void await(NodeRunner server, long block) {
    long end = System.nanoTime() + LONGEST.toNanos();
    CountDownLatch never = new CountDownLatch(1);
    try {
      while (seen(server) < block) {
        boolean late = System.nanoTime() > end;
        if (late || never.await(MILLISECONDS_BETWEEN_LOOKS, TimeUnit.MILLISECONDS)) {
          throw DevRefusal.CHAIN.because("the server does not see block " + block);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw DevRefusal.CHAIN.because("interrupted", e);
    }
  }

  private static long seen(NodeRunner server) {
    return server.chainView().map(block -> block.number()).orElse(0L);
  }
}
