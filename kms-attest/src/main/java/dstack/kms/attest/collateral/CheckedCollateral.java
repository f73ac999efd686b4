package dstack.kms.attest.collateral;

import dstack.kms.attest.x509.ValidityWindow;
import java.time.Instant;

/**
 * Collateral of which every signature and date was found good.
 *
 * @param collateral what was checked
 * @param window the seconds in which all of it is in force
 * @param issued when each of its documents was issued
 */
public record CheckedCollateral(Collateral collateral, ValidityWindow window, Issued issued) {
  /**
   * The issue dates of the four documents that are reissued.
   *
   * @param tcbInfo {@code issueDate} of the TCB info
   * @param qeIdentity {@code issueDate} of the QE identity
   * @param rootCaCrl {@code thisUpdate} of the root's revocation list
   * @param pckCrl {@code thisUpdate} of the PCK authority's revocation list
   */
  public record Issued(Instant tcbInfo, Instant qeIdentity, Instant rootCaCrl, Instant pckCrl) {
    /** The earliest of the two documents that Intel reissues every day. */
    public Instant oldestDocument() {
      return tcbInfo.isBefore(qeIdentity) ? tcbInfo : qeIdentity;
    }
  }
}
