package dstack.kms.core.derivation;

import dstack.kms.core.crypto.RecoverableSignature;
import dstack.kms.core.crypto.Secp256k1PrivateKey;

/** An application's secp256k1 key with the root's statement about it; closing erases the key. */
public record IssuedAppKey(Secp256k1PrivateKey key, RecoverableSignature signature)
    implements AutoCloseable {
  @Override
  public void close() {
    key.close();
  }
}
