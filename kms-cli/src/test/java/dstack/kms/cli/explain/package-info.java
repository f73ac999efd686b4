/**
 * Tests of {@code kms preflight} and {@code kms explain}, with a real chain and a simulated
 * machine.
 */
@NullMarked
package dstack.kms.cli.explain;

import org.jspecify.annotations.NullMarked;
