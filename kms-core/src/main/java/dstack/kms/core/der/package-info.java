/**
 * Distinguished encoding of ASN.1: one strict reader for certificates that unauthenticated peers
 * send (specification 02, 90 §2). Every package may use it; callers add their context to its
 * refusals.
 */
@NullMarked
package dstack.kms.core.der;

import org.jspecify.annotations.NullMarked;
