package dstack.kms.rpc.kms;

import dstack.kms.core.bootinfo.BootInfo;

/**
 * Whether an app may have one more answer. Asked only about guests that the authority allows and
 * whose image is verified: evidence alone proves what somebody's machine measured, and its owner
 * chooses the app id, so a denied guest has no right to that app's quota.
 */
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
