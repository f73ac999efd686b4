/**
 * What this program's own requests over HTTP have in common: how much of an answer is read.
 *
 * <p>Specification 91 §3 (18). Whoever asks a service of an operator's choice may use it.
 */
@NullMarked
package dstack.kms.core.http;

import org.jspecify.annotations.NullMarked;
