/**
 * Man pages and shell completion, made from the definitions of the commands, so that they say what
 * {@code --help} says. The build runs them for the distribution.
 */
@NullMarked
package dstack.kms.cli.manual;

import org.jspecify.annotations.NullMarked;
