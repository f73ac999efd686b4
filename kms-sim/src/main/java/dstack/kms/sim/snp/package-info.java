/**
 * SEV-SNP reports, chips and launch measurements of a simulated AMD, under roots of its own
 * (specification 16). The launch digest is computed here from the specification alone.
 */
@NullMarked
package dstack.kms.sim.snp;

import org.jspecify.annotations.NullMarked;
