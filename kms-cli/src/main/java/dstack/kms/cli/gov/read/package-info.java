/** The commands of {@code kms gov} that only look: state, decisions, hashes. */
@NullMarked
package dstack.kms.cli.gov.read;

import org.jspecify.annotations.NullMarked;
