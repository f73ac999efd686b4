package dstack.kms.rpc.prpc;

import dstack.kms.core.refusal.RefusalCode;
import dstack.kms.rpc.stage.StageObserver;

/** Is told of every refusal that a client got, and how long reading and writing took. */
@FunctionalInterface
public interface RefusalObserver extends StageObserver {
  /** Nobody listens. */
  RefusalObserver NONE = (method, code) -> {};

  /** A call of that method, a name from the service's own table, was refused with that code. */
  void refused(String method, RefusalCode code);
}
