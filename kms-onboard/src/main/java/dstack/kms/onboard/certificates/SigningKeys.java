package dstack.kms.onboard.certificates;

import dstack.kms.core.crypto.P256PrivateKey;
import dstack.kms.core.store.KeySet;
import java.security.SecureRandom;

/**
 * The three P-256 keys that a node has certificates for; closing erases them.
 *
 * @param rootCa signs the server's and every application's CA certificate
 * @param tmpCa signs temporary client certificates
 * @param rpc the server's own
 */
public record SigningKeys(P256PrivateKey rootCa, P256PrivateKey tmpCa, P256PrivateKey rpc)
    implements AutoCloseable {
  /** Fresh keys. */
  public static SigningKeys generate(SecureRandom random) {
    return new SigningKeys(
        P256PrivateKey.generate(random),
        P256PrivateKey.generate(random),
        P256PrivateKey.generate(random));
  }

  /** The stored keys. */
  public static SigningKeys of(KeySet stored) {
    return new SigningKeys(
        P256PrivateKey.fromPkcs8Pem(stored.rootCa()),
        P256PrivateKey.fromPkcs8Pem(stored.tmpCa()),
        P256PrivateKey.fromPkcs8Pem(stored.rpc()));
  }

  @Override
  public void close() {
    rootCa.close();
    tmpCa.close();
    rpc.close();
  }
}
