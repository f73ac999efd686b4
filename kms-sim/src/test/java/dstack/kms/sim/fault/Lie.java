package dstack.kms.sim.fault;

import dstack.kms.sim.collateral.SimulatedTcb;
import dstack.kms.sim.pccs.PccsFault;

/** One way in which evidence, or what is known about it, is not as it should be. */
sealed interface Lie {
  /** A fault of evidence, collateral or an issuer's list. */
  record Fault(SimulatedFault fault) implements Lie {}

  /** Nobody answers for the issuers. */
  record Service(PccsFault fault) implements Lie {}

  /** A machine whose versions have that status. */
  record Status(SimulatedTcb tcb) implements Lie {}

  /** Right evidence under a root that is not the vendor's. */
  record RootOfAnother() implements Lie {}

  /** A TDX guest that claims a real image, which it did not boot. */
  record ClaimsTdxImage(String vmConfig) implements Lie {}
}
