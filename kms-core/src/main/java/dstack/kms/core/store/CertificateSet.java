package dstack.kms.core.store;

/**
 * The three certificates, each the text of one PEM file.
 *
 * @param rootCa of the root CA key
 * @param tmpCa of the temporary CA key
 * @param rpc of the server's own key
 */
public record CertificateSet(String rootCa, String tmpCa, String rpc) {}
