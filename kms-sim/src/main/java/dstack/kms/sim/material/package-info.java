/** The measurement documents that a simulated host hands to its guests (specification 17 §3). */
@NullMarked
package dstack.kms.sim.material;

import org.jspecify.annotations.NullMarked;
