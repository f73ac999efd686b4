/** Markers for the build's own checks. */
@NullMarked
package dstack.kms.core.annotation;

import org.jspecify.annotations.NullMarked;
