/**
 * Certificates and revocation lists that lie where a certificate says, fetched under limits and
 * kept: what the chains of Google, Amazon and AMD need beside the evidence.
 */
@NullMarked
package dstack.kms.attest.issuer;

import org.jspecify.annotations.NullMarked;
