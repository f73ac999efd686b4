/**
 * Reports by way of the kernel's configfs-tsm: entries, generations, one write and one read
 * (specification 13 §3, 16 §1). Used by the quote sources.
 */
@NullMarked
package dstack.kms.attest.device.tsm;

import org.jspecify.annotations.NullMarked;
