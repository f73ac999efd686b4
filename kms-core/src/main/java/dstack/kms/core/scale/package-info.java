/**
 * SCALE, the binary encoding of requests to sign a certificate and of attestations in their first
 * form (specification 02 §3 and §7).
 *
 * <p>Only the canonical encoding is accepted, every length is checked against what is left of the
 * input and against the caller's limit before anything is allocated. Every package may use this
 * one; callers add their context to its refusals.
 */
@NullMarked
package dstack.kms.core.scale;

import org.jspecify.annotations.NullMarked;
