/**
 * The one type that secret bytes live in.
 *
 * <p>Every place that touches raw secret bytes is found by searching for {@code Secret.expose},
 * {@code Secret.takeOver} and {@code Secret.generate}.
 */
@NullMarked
package dstack.kms.core.secret;

import org.jspecify.annotations.NullMarked;
