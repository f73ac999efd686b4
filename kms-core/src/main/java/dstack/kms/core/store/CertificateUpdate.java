package dstack.kms.core.store;

import java.util.Optional;

/**
 * Which certificates are to be replaced, and by what PEM text.
 *
 * @param rootCa a new certificate of the root CA key
 * @param tmpCa a new certificate of the temporary CA key
 * @param rpc a new certificate of the server's own key
 */
public record CertificateUpdate(
    Optional<String> rootCa, Optional<String> tmpCa, Optional<String> rpc) {
  /** Replaces all three. */
  public static CertificateUpdate all(CertificateSet certificates) {
    return new CertificateUpdate(
        Optional.of(certificates.rootCa()),
        Optional.of(certificates.tmpCa()),
        Optional.of(certificates.rpc()));
  }
}
