package dstack.kms.rpc.kms;

import dstack.kms.core.bootinfo.BootInfo;

/** Whether an app may ask once more. Asked about identities that evidence proves, never claims. */
@FunctionalInterface
public interface AppQuota {
  /** Everybody may. */
  AppQuota NONE = _ -> {};

  /**
   * Takes one request of that app into account.
   *
   * @throws dstack.kms.core.refusal.RefusalException with {@link KmsRefusal#APP_LIMIT} and the time
   *     to wait if it is one too many
   */
  void require(BootInfo whom);
}
