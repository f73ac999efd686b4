/**
 * Keys, certificates and revocation lists as the makers of other platforms than TDX issue them:
 * P-256, P-384 and RSA, with the shapes of Google's, Amazon's and AMD's (specification 14–16). All
 * are named SIMULATED.
 *
 * <p>Keys lie in one folder for each maker; of certificates only the root does. The others are made
 * anew from the same keys, names and serial numbers, because they say where documents are found.
 */
@NullMarked
package dstack.kms.sim.vendor;

import org.jspecify.annotations.NullMarked;
