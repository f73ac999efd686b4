/**
 * What stands between this machine and its keys, in words for the operator (specifications 04 §7.3,
 * 23 §5).
 *
 * <p>Looks only: nothing here changes the node or releases anything, and what it says is public.
 * Used by the set-up page and by commands.
 */
@NullMarked
package dstack.kms.onboard.preflight;

import org.jspecify.annotations.NullMarked;
