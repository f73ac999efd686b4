package dstack.kms.chain.transaction;

import dstack.kms.chain.signing.SignedTransaction;

/** Hears what happens while a transaction is on its way, so that a person can go on by hand. */
@FunctionalInterface
public interface Announcements {
  /** It is signed and about to be sent; its hash is known from here on. */
  void sending(SignedTransaction transaction);
}
