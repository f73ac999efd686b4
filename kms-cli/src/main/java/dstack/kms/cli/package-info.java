/**
 * The {@code kms} program (specification 00 §6): its entry, its root command and its version.
 *
 * <p>Each command is one thin class in the package of its topic; what a command does lives in the
 * modules below. Nobody calls this package but the start script and tests.
 */
@NullMarked
package dstack.kms.cli;

import org.jspecify.annotations.NullMarked;
