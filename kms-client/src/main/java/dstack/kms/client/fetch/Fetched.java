package dstack.kms.client.fetch;

import dstack.kms.client.keys.VerifiedAppKeys;
import java.util.Optional;

/**
 * What an enclave got; closing erases it.
 *
 * @param keys of the application
 * @param sealed whether they came sealed
 * @param certified the certificate that was wished for
 */
public record Fetched(VerifiedAppKeys keys, boolean sealed, Optional<CertifiedKey> certified)
    implements AutoCloseable {
  @Override
  public void close() {
    keys.close();
    certified.ifPresent(CertifiedKey::close);
  }
}
