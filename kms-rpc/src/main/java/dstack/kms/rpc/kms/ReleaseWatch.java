package dstack.kms.rpc.kms;

import dstack.kms.core.audit.AuditKind;
import dstack.kms.core.bootinfo.BootInfo;
import dstack.kms.rpc.stage.Stage;
import dstack.kms.rpc.stage.StageObserver;
import java.time.Duration;

/** Sees the way of each caller through {@link Authorization}. Must not block. */
public interface ReleaseWatch extends StageObserver {
  /** Nobody looks. */
  ReleaseWatch NONE = new ReleaseWatch() {};

  /** A release is on record, and what it allows is about to be made. */
  default void released(AuditKind kind, BootInfo whom) {}

  /** This one, and then the other. */
  default ReleaseWatch and(ReleaseWatch other) {
    ReleaseWatch first = this;
    return new ReleaseWatch() {
      @Override
      public void took(Stage stage, Duration took) {
        first.took(stage, took);
        other.took(stage, took);
      }

      @Override
      public void released(AuditKind kind, BootInfo whom) {
        first.released(kind, whom);
        other.released(kind, whom);
      }
    };
  }
}
