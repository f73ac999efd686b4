/**
 * Image archives: from a compressed stream of which nothing is known to a folder whose every listed
 * file is what its checksum says (specification 17 §5.1).
 */
@NullMarked
package dstack.kms.attest.image.archive;

import org.jspecify.annotations.NullMarked;
