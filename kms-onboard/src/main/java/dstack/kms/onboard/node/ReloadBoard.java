package dstack.kms.onboard.node;

import dstack.kms.core.refusal.RefusalException;
import dstack.kms.rpc.metrics.NodeMetrics;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** How often a configuration was read anew, and what came of the last time. */
final class ReloadBoard {
  private final AtomicLong done = new AtomicLong();
  private final AtomicLong refused = new AtomicLong();
  private volatile @Nullable String problem;

  void done() {
    done.incrementAndGet();
    problem = null;
  }

  void refused(RefusalException reason, Instant when) {
    refused.incrementAndGet();
    problem =
        "the configuration read at "
            + when
            + " is not in use: ["
            + reason.code().code()
            + "] "
            + reason.text();
  }

  /** What the operator should know, if the last one was refused. */
  List<String> notes() {
    String last = problem;
    return last == null ? List.of() : List.of(last);
  }

  void showIn(NodeMetrics metrics) {
    metrics.counter(
        "kms_reloads_total",
        "Configurations read anew while the node served.",
        "outcome",
        () -> Map.of("done", (double) done.get(), "refused", (double) refused.get()));
  }
}
