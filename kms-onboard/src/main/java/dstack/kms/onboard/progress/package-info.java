/**
 * How far a set-up has come, for the person who waits for it. Procedures tell a {@link
 * dstack.kms.onboard.progress.Progress}; the set-up page reads the board.
 */
@NullMarked
package dstack.kms.onboard.progress;

import org.jspecify.annotations.NullMarked;
