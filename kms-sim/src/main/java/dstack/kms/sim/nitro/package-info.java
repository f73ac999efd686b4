/**
 * Attestation documents of simulated Nitro Enclaves and NitroTPMs, under roots of their own
 * (specification 15).
 */
@NullMarked
package dstack.kms.sim.nitro;

import org.jspecify.annotations.NullMarked;
