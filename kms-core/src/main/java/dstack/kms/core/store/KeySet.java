package dstack.kms.core.store;

import dstack.kms.core.secret.Secret;

/**
 * The four private keys; closing erases them.
 *
 * @param rootCa PKCS#8 PEM text of the root CA key
 * @param tmpCa PKCS#8 PEM text of the temporary CA key
 * @param rpc PKCS#8 PEM text of the server's own key
 * @param k256 the scalar of the root k256 key, 32 bytes big-endian
 */
public record KeySet(Secret rootCa, Secret tmpCa, Secret rpc, Secret k256)
    implements AutoCloseable {
  @Override
  public void close() {
    rootCa.close();
    tmpCa.close();
    rpc.close();
    k256.close();
  }
}
