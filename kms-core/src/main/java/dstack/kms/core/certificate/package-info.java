/**
 * The X.509 certificates of a KMS: their profiles, their extensions and a strict parser for those
 * that peers present (specification 02 §1, §2 and §5).
 *
 * <p>A parsed certificate is untrusted data; what it claims counts only through verified evidence.
 */
@NullMarked
package dstack.kms.core.certificate;

import org.jspecify.annotations.NullMarked;
