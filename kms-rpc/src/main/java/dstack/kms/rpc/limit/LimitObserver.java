package dstack.kms.rpc.limit;

import dstack.kms.core.bootinfo.TeeVariant;

/** Is told what limits do. Must not block. */
public interface LimitObserver {
  /** Nobody listens. */
  LimitObserver NONE = new LimitObserver() {};

  /** A request was turned away. */
  default void limited(Limit which) {}

  /** A machine of that platform got one release more than the alarm allows; it got it. */
  default void overQuota(TeeVariant platform) {}
}
