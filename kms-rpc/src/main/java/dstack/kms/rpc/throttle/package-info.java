/**
 * What holds those back who ask too often: guesses of a secret (T-38), requests of an address or of
 * an app, and releases to one machine (T-04).
 *
 * <p>Memory is bounded whoever asks. The listener's wiring builds these; each listener that asks
 * for a secret has a throttle of its own.
 */
@NullMarked
package dstack.kms.rpc.throttle;

import org.jspecify.annotations.NullMarked;
