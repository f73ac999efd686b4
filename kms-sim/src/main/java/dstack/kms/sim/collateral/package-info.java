/**
 * What Intel would sign about the simulated devices: TCB info, QE identity and revocation lists
 * (specification 11 §5), made anew for the present time under the roots of {@link
 * dstack.kms.sim.pki}.
 *
 * <p>One collateral serves every TCB status: which level a quote matches is decided by the SVNs in
 * the quote ({@link dstack.kms.sim.collateral.SimulatedTcb}). Only {@code kms dev}, {@code kms sim}
 * and tests may use it.
 */
@NullMarked
package dstack.kms.sim.collateral;

import org.jspecify.annotations.NullMarked;
