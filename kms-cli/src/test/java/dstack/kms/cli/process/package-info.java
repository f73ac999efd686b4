/** Runs the distribution as a user does; these tests follow the packaging of this module. */
@NullMarked
package dstack.kms.cli.process;

import org.jspecify.annotations.NullMarked;
