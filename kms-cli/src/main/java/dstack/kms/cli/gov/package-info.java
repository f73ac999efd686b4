/**
 * The commands of {@code kms gov}: what is decided on the public chain, and by whom.
 *
 * <p>Specification 22. The packages below hold the commands by topic; this one puts them together.
 */
@NullMarked
package dstack.kms.cli.gov;

import org.jspecify.annotations.NullMarked;
