package dstack.kms.core.store;

import java.util.Optional;

/**
 * A complete set; closing erases its keys.
 *
 * @param keys the private keys
 * @param certificates a certificate for each of the P-256 keys
 * @param domain the domain in the server's own certificate
 * @param bootstrapInfo what Bootstrap answered; empty for replicated and auto-bootstrapped nodes
 */
public record KeyMaterial(
    KeySet keys, CertificateSet certificates, String domain, Optional<BootstrapInfo> bootstrapInfo)
    implements AutoCloseable {
  @Override
  public void close() {
    keys.close();
  }
}
