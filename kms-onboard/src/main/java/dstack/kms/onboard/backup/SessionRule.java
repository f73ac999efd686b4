package dstack.kms.onboard.backup;

import dstack.kms.core.authority.Authority;
import dstack.kms.core.authority.Decision;
import dstack.kms.core.bootinfo.BootInfo;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;

/** Which node a holder gives a share to. */
public sealed interface SessionRule {
  /** Refuses any other. */
  void check(BootInfo node);

  /**
   * The one with this aggregated measurement, 32 bytes.
   *
   * @param expected as {@code GetAttestationInfo} shows it
   */
  record Measured(Bytes expected) implements SessionRule {
    @Override
    public void check(BootInfo node) {
      if (!node.mrAggregated().equals(expected)) {
        throw new RefusalException(
            BackupRefusal.SESSION_MEASUREMENT,
            "the node measures " + node.mrAggregated() + ", expected is " + expected);
      }
    }
  }

  /**
   * One that the authority allows to be a KMS.
   *
   * @param authority decides
   */
  record Authorized(Authority authority) implements SessionRule {
    @Override
    public void check(BootInfo node) {
      switch (authority.decideKms(node)) {
        case Decision.Allowed _ -> {}
        case Decision.Undecided(RefusalException why) ->
            throw why.within("the authority does not allow this node to be a KMS");
        case Decision.Denied denied ->
            throw new RefusalException(
                BackupRefusal.SESSION_DENIED,
                "the authority does not allow this node to be a KMS: " + denied.reason());
      }
    }
  }
}
