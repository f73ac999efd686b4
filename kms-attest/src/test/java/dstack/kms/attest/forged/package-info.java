/**
 * A small world of its own for tests: certificates, revocation lists, documents and quotes that can
 * lie in every single field. Its root is given to the verifier as an external trust anchor.
 */
@NullMarked
package dstack.kms.attest.forged;

import org.jspecify.annotations.NullMarked;
