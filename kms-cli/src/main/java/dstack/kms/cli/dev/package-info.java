/**
 * A complete local server on a simulated platform, and a simulated enclave that checks it from
 * outside (specification 00 §6).
 *
 * <p>With the simulation commands the only part of the program that reaches the simulated platform.
 */
@NullMarked
package dstack.kms.cli.dev;

import org.jspecify.annotations.NullMarked;
