/**
 * Signed answers of one service to another: which question, which answer, when (ADR 0016b).
 *
 * <p>What decides about keys must not travel as a text that whoever is in between can write. The
 * service signs each answer together with the question; the client knows the key from its measured
 * configuration. Used by the webhook authority and by {@code kms auth-api}.
 */
@NullMarked
package dstack.kms.core.answer;

import org.jspecify.annotations.NullMarked;
