package dstack.kms.rpc.prpc;

import dstack.kms.core.refusal.RefusalCode;

/** Is told of every refusal that a client got. */
@FunctionalInterface
public interface RefusalObserver {
  /** Nobody listens. */
  RefusalObserver NONE = (method, code) -> {};

  /** A call of that method, a name from the service's own table, was refused with that code. */
  void refused(String method, RefusalCode code);
}
