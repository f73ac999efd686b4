package dstack.kms.chain.signing;

import dstack.kms.chain.account.Address;

/** Signs transactions of one account. */
public sealed interface TransactionSigner extends AutoCloseable
    permits KeySigner, JsonRpcSigner, RestSigner {
  /** Whose transactions it signs. */
  Address account();

  /** The transaction with the account's signature; refused if it is not exactly that. */
  SignedTransaction sign(UnsignedTransaction transaction);

  /** Forgets what it holds. */
  @Override
  void close();
}
