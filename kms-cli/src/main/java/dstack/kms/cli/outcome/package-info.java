/**
 * How a command ends: exit statuses, and what is printed when something is refused, unreachable or
 * wrongly used (specification 00 §6). Used by every command.
 */
@NullMarked
package dstack.kms.cli.outcome;

import org.jspecify.annotations.NullMarked;
