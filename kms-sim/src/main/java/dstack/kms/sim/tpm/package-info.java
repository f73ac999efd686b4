/**
 * Quotes of a simulated Google virtual TPM, under a root of its own (specification 14). Structures
 * and replays are written here from the specification alone.
 */
@NullMarked
package dstack.kms.sim.tpm;

import org.jspecify.annotations.NullMarked;
