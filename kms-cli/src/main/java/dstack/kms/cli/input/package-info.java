/**
 * What commands read: files named on the command line, bounded in size, and bytes given as text.
 * Used by every command that takes either; a problem with them is wrong usage (exit status 2).
 */
@NullMarked
package dstack.kms.cli.input;

import org.jspecify.annotations.NullMarked;
