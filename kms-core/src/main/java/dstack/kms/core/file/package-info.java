/**
 * How this program changes its own folders: every step that a crash may come before or after is one
 * method of {@link dstack.kms.core.file.FileActions}, and what is read from must be this user's, no
 * link, and private (T-14, T-40).
 *
 * <p>For the key store and the audit log.
 */
@NullMarked
package dstack.kms.core.file;

import org.jspecify.annotations.NullMarked;
