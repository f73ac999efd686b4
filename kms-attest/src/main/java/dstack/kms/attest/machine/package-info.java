/**
 * The one place that knows every source of this machine's evidence, and builds the one that the
 * configuration names. Used by whoever starts the server and by {@code kms attest}.
 */
@NullMarked
package dstack.kms.attest.machine;

import org.jspecify.annotations.NullMarked;
