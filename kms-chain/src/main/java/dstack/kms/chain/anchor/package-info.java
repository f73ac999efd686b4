/**
 * Heads of audit logs on the public chain: whoever reads the chain can later find out whether a log
 * was cut off or rewritten since.
 *
 * <p>ADR 0018. The commands {@code kms gov anchor} use it.
 */
@NullMarked
package dstack.kms.chain.anchor;

import org.jspecify.annotations.NullMarked;
