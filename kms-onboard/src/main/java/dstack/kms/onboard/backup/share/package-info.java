/**
 * What a backup of the root keys consists of: holders, manifest, sealed shares and the files that
 * carry them (docs/adr/0012).
 *
 * <p>Pure: no network, no store, no clock. {@link dstack.kms.onboard.backup.share.BackupSet} makes
 * a set and opens it again; {@link dstack.kms.onboard.backup.share.HolderIdentity} opens one
 * holder's share.
 */
@NullMarked
package dstack.kms.onboard.backup.share;

import org.jspecify.annotations.NullMarked;
