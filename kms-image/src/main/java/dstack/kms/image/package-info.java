/**
 * Assembles the container image from the distribution, a JDK and a few Debian packages, without a
 * container engine: layers are tar archives written here, the result is an OCI image layout.
 *
 * <p>The same inputs give the same bytes (specification 23 §10.5); decision 0020 says how and why.
 * Only {@code build/image.sh} and tests run it; nothing of it is shipped.
 */
@NullMarked
package dstack.kms.image;

import org.jspecify.annotations.NullMarked;
