/**
 * Which request a thread works for: its id in the log, and its place in a trace of W3C Trace
 * Context.
 *
 * <p>Listeners open a scope for each request; the log, calls to a webhook and exported spans read
 * it. Nothing in it is trusted: it only names.
 */
@NullMarked
package dstack.kms.core.trace;

import org.jspecify.annotations.NullMarked;
