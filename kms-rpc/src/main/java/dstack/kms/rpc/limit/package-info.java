/**
 * What holds those back who ask too often, by address, by app and in all, and raises an alarm when
 * one machine gets too many releases (T-04).
 *
 * <p>Memory is bounded whoever asks. Built by the wiring of the main listener.
 */
@NullMarked
package dstack.kms.rpc.limit;

import org.jspecify.annotations.NullMarked;
