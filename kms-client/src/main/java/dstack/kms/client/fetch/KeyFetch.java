package dstack.kms.client.fetch;

import dstack.kms.rpc.client.ClientLimits;
import dstack.kms.rpc.client.RpcClient;
import dstack.kms.rpc.client.RpcUrl;
import java.time.Duration;
import java.util.List;

/** Fetches the keys of an application. Blocks until they are there, refused, or time is up. */
public final class KeyFetch {
  /** The times of the released clients; every answer fits into a fraction of the size. */
  private static final ClientLimits LIMITS =
      new ClientLimits(
          Duration.ofSeconds(5), Duration.ofSeconds(15), Duration.ofSeconds(60), 1 << 20);

  private final FetchPlan plan;
  private final Machine machine;
  private final Waiting waiting;

  /** What to fetch, and on which machine. */
  public KeyFetch(FetchPlan plan, Machine machine) {
    this(plan, machine, Waiting.real());
  }

  KeyFetch(FetchPlan plan, Machine machine, Waiting waiting) {
    this.plan = plan;
    this.machine = machine;
    this.waiting = waiting;
  }

  /**
   * The keys, verified; the caller closes them.
   *
   * @param urls of the KMS's nodes, asked in this order
   * @param deadline for everything together
   * @throws dstack.kms.core.refusal.RefusalException with a code of {@link
   *     dstack.kms.client.refusal.FetchRefusal} or of what a part refused
   * @throws IllegalArgumentException if there is no URL
   */
  public Fetched run(List<RpcUrl> urls, Duration deadline) {
    if (urls.isEmpty()) {
      throw new IllegalArgumentException("no URL of a KMS");
    }
    return new Rounds(waiting, machine.random())
        .run(
            urls,
            deadline,
            (url, left) -> Guarded.within(left, url.text(), () -> attempt(url, left)));
  }

  private Fetched attempt(RpcUrl url, Duration left) {
    try (RpcClient client = new RpcClient(machine.engine(), atMost(left), machine.routes())) {
      return new Attempt(plan, machine, client).run(url);
    }
  }

  private static ClientLimits atMost(Duration left) {
    return new ClientLimits(
        shorter(LIMITS.connect(), left),
        shorter(LIMITS.handshake(), left),
        shorter(LIMITS.call(), left),
        LIMITS.answer());
  }

  private static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }
}
