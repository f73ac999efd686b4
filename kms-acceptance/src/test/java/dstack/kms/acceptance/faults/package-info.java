/**
 * What the built program leaves when it is killed, loses power, has no room, cannot write, or has
 * the wrong time or no network: nothing that a caller was told of is ever lost (T-14, T-45).
 *
 * <p>The kernel is the real one: strace kills and stops, file systems are mounted in a namespace
 * that goes with the test, and every point is counted in {@code target/faults.txt}.
 */
@NullMarked
package dstack.kms.acceptance.faults;

import org.jspecify.annotations.NullMarked;
