/**
 * MessagePack as attestations in their second form and the app info of a certificate use it
 * (specification 02 §2.2, 10 §3): strict, bounded, without floats' or extensions' content.
 *
 * <p>Every package may use this one; callers add their context to its refusals.
 */
@NullMarked
package dstack.kms.core.msgpack;

import org.jspecify.annotations.NullMarked;
