/** The devices of a simulated guest at the system-call boundary, for tests of the whole program. */
@NullMarked
package dstack.kms.cli.device;

import org.jspecify.annotations.NullMarked;
