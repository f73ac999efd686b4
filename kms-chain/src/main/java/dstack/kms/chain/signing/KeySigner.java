package dstack.kms.chain.signing;

import dstack.kms.chain.account.Address;
import dstack.kms.chain.account.Word;
import dstack.kms.core.crypto.RecoverableSignature;
import dstack.kms.core.crypto.Secp256k1PrivateKey;
import dstack.kms.core.secret.Secret;

/** A key in this process. */
public final class KeySigner implements TransactionSigner {
  private final Secp256k1PrivateKey key;
  private final Address account;

  private KeySigner(Secp256k1PrivateKey key) {
    this.key = key;
    account = KeyAddress.of(key.publicKey());
  }

  /** Signs with a copy of this scalar: 32 bytes, else refused. */
  public static KeySigner of(Secret scalar) {
    return new KeySigner(Secp256k1PrivateKey.ofScalar(scalar));
  }

  @Override
  public Address account() {
    return account;
  }

  @Override
  public SignedTransaction sign(UnsignedTransaction transaction) {
    return SignedTransaction.of(transaction, key.signDigest(transaction.digest()), account);
  }

  /** The account's signature over a hash of 32 bytes that is no transaction. */
  public RecoverableSignature signHash(Word hash) {
    return key.signDigest(hash.value());
  }

  @Override
  public void close() {
    key.close();
  }
}
