package dstack.kms.core.certificate;

import dstack.kms.core.bytes.Bytes;

/**
 * One extension as it stands in a certificate.
 *
 * @param oid in dotted form
 * @param critical whether a reader that does not know it must refuse
 * @param value the content of the extnValue OCTET STRING
 */
public record CertificateExtension(String oid, boolean critical, Bytes value) {}
