package dstack.kms.client.guest;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.crypto.RecoverableSignature;
import dstack.kms.core.secret.Secret;
import java.util.List;

/**
 * A key that a guest derived, with the signatures that lead from it to the root.
 *
 * @param key 32 bytes: a secp256k1 scalar or an Ed25519 seed; erased when this is closed
 * @param publicKey compressed, 33 bytes, or Ed25519, 32 bytes
 * @param chain the application's statement about the key, then the root's about the application
 */
public record SubKey(Secret key, Bytes publicKey, List<RecoverableSignature> chain)
    implements AutoCloseable {
  public SubKey {
    chain = List.copyOf(chain);
  }

  @Override
  public void close() {
    key.close();
  }
}
