package dstack.kms.chain.signing;

import dstack.kms.chain.account.Address;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.crypto.Keccak;
import java.math.BigInteger;
import java.util.List;
import java.util.Optional;

/**
 * Everything of a transaction that its signature covers.
 *
 * @param to empty of a deployment
 * @param gas at most so much
 */
public record UnsignedTransaction(
    long chainId,
    long nonce,
    Fees fees,
    long gas,
    Optional<Address> to,
    BigInteger value,
    Bytes data) {
  /** The bytes whose hash is signed. */
  public Bytes payload() {
    TransactionForm form = TransactionForm.of(this);
    return form.encode(form.unsigned(this));
  }

  /** What is signed, 32 bytes. */
  public Bytes digest() {
    return Keccak.keccak256(payload());
  }

  /** Name and bytes of each field that the signature covers, in order. */
  List<Field> fields() {
    return TransactionForm.of(this).fields(this);
  }

  /** The same at another place of the account's sequence. */
  public UnsignedTransaction withNonce(long other) {
    return new UnsignedTransaction(chainId, other, fees, gas, to, value, data);
  }

  /** The same for other fees. */
  public UnsignedTransaction withFees(Fees other) {
    return new UnsignedTransaction(chainId, nonce, other, gas, to, value, data);
  }
}
