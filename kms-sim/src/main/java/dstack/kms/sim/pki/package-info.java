/**
 * The roots of the simulated platform: a root CA, a PCK Platform CA, a PCK Processor CA, a TCB
 * signer and one PCK certificate per device, shaped like Intel's (specification 11 §4) and named
 * SIMULATED.
 *
 * <p>Nothing here is secret: whoever has the folder can make any quote under its root. Only the
 * commands {@code kms dev} and {@code kms sim}, and tests, may use it.
 */
@NullMarked
package dstack.kms.sim.pki;

import org.jspecify.annotations.NullMarked;
