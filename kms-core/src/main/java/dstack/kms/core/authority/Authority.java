package dstack.kms.core.authority;

import dstack.kms.core.bootinfo.BootInfo;
import java.util.Optional;

/**
 * Decides whether a workload may have keys.
 *
 * <p>Calls block until the decision or the authority's own deadline; they are made on virtual
 * threads, never on an event loop. No answer is an answer of no: every failure, timeout and doubt
 * is thrown as a {@link dstack.kms.core.refusal.RefusalException}, or is {@link
 * Decision.Undecided}.
 */
public interface Authority extends AutoCloseable {
  /** Whether the application may have its keys. */
  Decision decideApp(BootInfo bootInfo);

  /** Whether the node may act as a KMS. */
  Decision decideKms(BootInfo bootInfo);

  /**
   * Refuses if a question asked now would find no answer, whatever the answer; for {@code /ready}.
   */
  default void requireAnswering() {
    info();
  }

  /**
   * The block at which a question asked now would be answered; empty where no chain is read, and
   * while none is known. Does not block.
   */
  default Optional<BlockRef> view() {
    return Optional.empty();
  }

  /** What it counted and sees; empty of authorities that have nothing to show. Does not block. */
  default Optional<AuthorityStats> stats() {
    return Optional.empty();
  }

  /** What the authority says about itself. */
  AuthorityInfo info();

  /** Gives up what is still running; an authority that holds nothing has nothing to do. */
  @Override
  default void close() {}
}
