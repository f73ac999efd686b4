package dstack.kms.onboard.setup;

import dstack.kms.core.authority.Authority;
import dstack.kms.core.authority.Decision;
import dstack.kms.core.bootinfo.BootInfo;
import dstack.kms.core.refusal.RefusalException;
import java.util.function.Supplier;

/**
 * Asks the authority whether this machine may act as a KMS, about evidence made for this question
 * (specification 04 §7.3).
 */
public final class SelfAuthorization {
  private final boolean enforced;
  private final Supplier<BootInfo> ownBootInfo;
  private final Authority authority;

  /**
   * @param enforced {@code core.enforce_self_authorization}
   * @param ownBootInfo attests this machine anew at each call, verifies, and reads its boot info
   * @param authority decides
   */
  public SelfAuthorization(boolean enforced, Supplier<BootInfo> ownBootInfo, Authority authority) {
    this.enforced = enforced;
    this.ownBootInfo = ownBootInfo;
    this.authority = authority;
  }

  /** Refuses unless the authority allows this machine to be a KMS. */
  public void require() {
    if (!enforced) {
      return;
    }
    BootInfo self = Step.named("failed to build local KMS boot info", ownBootInfo);
    switch (Step.named("failed to call KMS auth check", () -> authority.decideKms(self))) {
      case Decision.Allowed _ -> {}
      case Decision.Undecided(RefusalException why) -> throw why.within("boot denied");
      case Decision.Denied denied ->
          throw new RefusalException(SetupRefusal.NOT_ALLOWED, "boot denied: " + denied.reason());
    }
  }
}
