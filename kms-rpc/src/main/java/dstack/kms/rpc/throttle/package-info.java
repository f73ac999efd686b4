/**
 * What makes guessing a secret slow (T-38).
 *
 * <p>Used by every listener that asks for one: the admin listener and, with a set-up token, the
 * set-up listener. Each has a throttle of its own.
 */
@NullMarked
package dstack.kms.rpc.throttle;

import org.jspecify.annotations.NullMarked;
