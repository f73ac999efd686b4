/** Holds what is assembled against the programs that read it: tar, the kernel, sha256sum. */
@NullMarked
package dstack.kms.image;

import org.jspecify.annotations.NullMarked;
