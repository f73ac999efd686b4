package dstack.kms.chain.signing;

import dstack.kms.chain.account.Address;
import dstack.kms.core.crypto.Keccak;
import dstack.kms.core.crypto.Secp256k1PublicKey;

/** The account of a key: the last 20 bytes of the hash of its point. */
public final class KeyAddress {
  private KeyAddress() {}

  /** The account whose transactions this key signs. */
  public static Address of(Secp256k1PublicKey key) {
    return new Address(Keccak.keccak256(key.uncompressed().slice(1, 65)).slice(12, 32));
  }
}
