/**
 * Backups of the root keys: made on a node that has them, taken back by one that has none
 * (docs/adr/0012).
 *
 * <p>{@link dstack.kms.onboard.backup.BackupCreation} seals, {@link
 * dstack.kms.onboard.backup.Restore} takes shares on the set-up listener, {@link
 * dstack.kms.onboard.backup.SessionVerifier} is what a holder judges such a node with. Used by the
 * node and by {@code kms backup}.
 */
@NullMarked
package dstack.kms.onboard.backup;

import org.jspecify.annotations.NullMarked;
