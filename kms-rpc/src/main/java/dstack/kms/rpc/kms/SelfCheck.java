package dstack.kms.rpc.kms;

import dstack.kms.core.authority.Authority;
import dstack.kms.core.authority.Decision;
import dstack.kms.core.bootinfo.BootInfo;
import dstack.kms.core.refusal.RefusalException;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * SELF (specification 04 §5): before it serves a trusted method, the KMS asks the authority about
 * itself. Its own boot info is kept for a while; the authority's answer never is (T-20).
 */
public final class SelfCheck {
  private final boolean enforced;
  private final OwnBootInfo own;
  private final Authority authority;
  private final LongSupplier nanos;

  /**
   * @param enforced {@code core.enforce_self_authorization}
   * @param own what this machine is
   * @param authority decides
   */
  public SelfCheck(boolean enforced, OwnBootInfo own, Authority authority) {
    this(enforced, own, authority, System::nanoTime);
  }

  /** The same on that monotonic clock. */
  SelfCheck(boolean enforced, OwnBootInfo own, Authority authority, LongSupplier nanos) {
    this.enforced = enforced;
    this.own = own;
    this.authority = authority;
    this.nanos = nanos;
  }

  /** Whether the authority is asked at all. */
  public boolean enforced() {
    return enforced;
  }

  /** The same, kept for a request that may take long: whoever releases asks whether it holds. */
  FreshAnswer<Optional<BootInfo>> asked() {
    return FreshAnswer.of(this::require, nanos);
  }

  /**
   * The own boot info if the authority allows this KMS now; empty if nobody is to be asked.
   *
   * @throws RefusalException if it does not, or if it cannot be asked
   */
  public Optional<BootInfo> require() {
    if (!enforced) {
      return Optional.empty();
    }
    try {
      BootInfo self = within("Failed to load cached self boot info", own::current);
      Decision decision =
          within("Failed to call self KMS auth check", () -> authority.decideKms(self));
      return switch (decision) {
        case Decision.Allowed _ -> Optional.of(self);
        case Decision.Undecided(RefusalException why) -> throw why.within("KMS is not allowed");
        case Decision.Denied denied ->
            throw new RefusalException(
                KmsRefusal.SELF_NOT_ALLOWED, "KMS is not allowed: " + denied.reason());
      };
    } catch (RefusalException e) {
      throw e.within("KMS self authorization failed");
    }
  }

  private static <T> T within(String context, Supplier<T> step) {
    try {
      return step.get();
    } catch (RefusalException e) {
      throw e.within(context);
    }
  }
}
