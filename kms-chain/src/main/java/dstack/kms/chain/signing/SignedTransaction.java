package dstack.kms.chain.signing;

import dstack.kms.chain.account.Address;
import dstack.kms.chain.account.Word;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.crypto.Keccak;
import dstack.kms.core.crypto.RecoverableSignature;

/**
 * A transaction with the signature of its sender. An instance is proof of both: the signature
 * covers exactly these fields, and is this account's.
 */
public final class SignedTransaction {
  private final UnsignedTransaction content;
  private final Address sender;
  private final Bytes raw;

  private SignedTransaction(UnsignedTransaction content, Address sender, Bytes raw) {
    this.content = content;
    this.sender = sender;
    this.raw = raw;
  }

  /** Puts a signature on our own bytes; refused unless it is the sender's over them. */
  static SignedTransaction of(
      UnsignedTransaction content, RecoverableSignature signature, Address sender) {
    Address signer =
        signature
            .signerOf(content.digest())
            .map(KeyAddress::of)
            .orElseThrow(
                () -> SigningRefusal.OTHER_TRANSACTION.because("a signature that is nobody's"));
    if (!signer.equals(sender)) {
      throw SigningRefusal.OTHER_TRANSACTION.because(
          "the signature over what was asked is that of "
              + signer
              + ", not of "
              + sender
              + ": another key, or another transaction was signed");
    }
    TransactionForm form = TransactionForm.of(content);
    return new SignedTransaction(content, sender, form.encode(form.signed(content, signature)));
  }

  /** What was signed. */
  public UnsignedTransaction content() {
    return content;
  }

  /** Whose signature it is. */
  public Address sender() {
    return sender;
  }

  /** What is broadcast. */
  public Bytes raw() {
    return raw;
  }

  /** By which it is known on the chain. */
  public Word hash() {
    return new Word(Keccak.keccak256(raw));
  }
}
