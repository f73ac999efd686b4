/**
 * The audit log: every decision on keys and on this node's own life as one hash-chained, signed
 * line (specification 40, T-45).
 *
 * <p>{@link dstack.kms.core.audit.AuditTrail} is what the rest of the program records with. What a
 * release needs recorded is durable before the key leaves. Lines carry digests and public values,
 * never secrets.
 */
@NullMarked
package dstack.kms.core.audit;

import org.jspecify.annotations.NullMarked;
