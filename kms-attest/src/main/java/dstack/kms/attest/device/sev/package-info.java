/**
 * The device of an AMD SEV-SNP guest and the choice between the ways to a report (specification 16
 * §1). Used by the quote sources.
 */
@NullMarked
package dstack.kms.attest.device.sev;

import org.jspecify.annotations.NullMarked;
