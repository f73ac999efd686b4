/**
 * The documents from which an image's measurements follow, and how they hang on the image's hash
 * (specification 17 §3).
 */
@NullMarked
package dstack.kms.attest.material;

import org.jspecify.annotations.NullMarked;
