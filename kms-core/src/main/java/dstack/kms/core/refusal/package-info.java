/**
 * How this program says no.
 *
 * <p>Each trust decision has its own closed enum of {@link dstack.kms.core.refusal.RefusalCode}s;
 * what is thrown is always {@link dstack.kms.core.refusal.RefusalException}. Anything else that is
 * thrown is a programming error.
 */
@NullMarked
package dstack.kms.core.refusal;

import org.jspecify.annotations.NullMarked;
