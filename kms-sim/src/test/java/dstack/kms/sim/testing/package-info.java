/** What the tests of the simulated platform share. */
@NullMarked
package dstack.kms.sim.testing;

import org.jspecify.annotations.NullMarked;
