/**
 * {@code kms sim}: simulated platforms of every kind for the tests of other programs (specification
 * 00 §6). Beside {@code dstack.kms.cli.dev} the only package that may use {@code kms-sim}; nothing
 * here is reached from {@code kms serve}.
 */
@NullMarked
package dstack.kms.cli.sim;

import org.jspecify.annotations.NullMarked;
