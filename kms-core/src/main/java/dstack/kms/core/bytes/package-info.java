/**
 * Immutable byte values.
 *
 * <p>Public bytes travel as {@link dstack.kms.core.bytes.Bytes}, never as {@code byte[]}; secret
 * bytes travel as {@link dstack.kms.core.secret.Secret}. Every other package may use this one.
 */
@NullMarked
package dstack.kms.core.bytes;

import org.jspecify.annotations.NullMarked;
