/**
 * {@code kms backup}: makes backups of the root keys, and is what a holder looks at his share and
 * restores with (docs/adr/0012).
 *
 * <p>No command shows, prints or writes an opened share.
 */
@NullMarked
package dstack.kms.cli.backup;

import org.jspecify.annotations.NullMarked;
