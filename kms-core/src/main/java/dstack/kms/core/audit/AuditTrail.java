package dstack.kms.core.audit;

import java.util.Optional;

/** Where decisions are recorded. Safe for use by several threads; calls block. */
public interface AuditTrail extends AutoCloseable {
  /**
   * Records, and returns when the line is durable: what it allows may happen from then on.
   *
   * @throws dstack.kms.core.refusal.RefusalException with {@link AuditRefusal#UNWRITABLE} if no
   *     place took it
   */
  void require(AuditEvent event);

  /**
   * Records something that needs no permission, such as a refusal, without waiting for it to be
   * durable. Under a flood lines may be left out; how many is recorded.
   */
  void note(AuditEvent event);

  /**
   * Refuses if {@link #require} would refuse now; for {@code /ready}.
   *
   * @throws dstack.kms.core.refusal.RefusalException with {@link AuditRefusal#UNWRITABLE}
   */
  void requireWritable();

  /** The last durable line; empty before the first and where nothing is kept. */
  Optional<AuditHead> head();

  /** What it counts; empty where nothing is kept. */
  default Optional<AuditStats> stats() {
    return Optional.empty();
  }

  /** Makes durable what is under way and ends; later records are refused. */
  @Override
  void close();

  /** Keeps nothing: for tests, and for nodes whose configuration says so. */
  static AuditTrail none() {
    return new NoAuditTrail();
  }
}
