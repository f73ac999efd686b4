/** Writes the CBOR of simulated evidence, right or wrong. */
@NullMarked
package dstack.kms.sim.cbor;

import org.jspecify.annotations.NullMarked;
