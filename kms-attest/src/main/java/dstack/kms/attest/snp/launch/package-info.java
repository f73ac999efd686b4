/**
 * What an SEV-SNP guest was launched from: the launch digest is computed anew from the image's
 * measurement document, and the host data is the hash of the guest's own configuration
 * (specification 16 §5 and §6).
 */
@NullMarked
package dstack.kms.attest.snp.launch;

import org.jspecify.annotations.NullMarked;
