/**
 * The keys and certificates on disk, in the layout that the original reads and writes
 * (specification 04 §3 and "After the snapshot").
 *
 * <p>{@link dstack.kms.core.store.KeyStore} is the only way in. A set of keys is either there
 * completely or not at all, whatever moment the machine stops at; a set that is there is never
 * overwritten. Only set-up and start-up use this package.
 */
@NullMarked
package dstack.kms.core.store;

import org.jspecify.annotations.NullMarked;
