package dstack.kms.client.fetch;

import dstack.kms.core.crypto.P256PrivateKey;
import java.util.List;

/**
 * A key with the certificate that the KMS issued for it, verified up to the root.
 *
 * @param key erased when this is closed
 * @param chain leaf, app CA and root CA in PEM
 */
public record CertifiedKey(P256PrivateKey key, List<String> chain) implements AutoCloseable {
  public CertifiedKey {
    chain = List.copyOf(chain);
  }

  @Override
  public void close() {
    key.close();
  }
}
