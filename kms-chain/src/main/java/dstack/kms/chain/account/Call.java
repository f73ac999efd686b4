package dstack.kms.chain.account;

import dstack.kms.core.bytes.Bytes;
import java.math.BigInteger;

/**
 * One call of a contract, whoever makes it: a wallet, a timelock, a Safe.
 *
 * @param target the contract
 * @param value in wei
 * @param data the calldata: 4 bytes of selector, then the arguments
 */
public record Call(Address target, BigInteger value, Bytes data) {
  /** Refuses a negative value. */
  public Call {
    if (value.signum() < 0) {
      throw new IllegalArgumentException("a negative value");
    }
  }

  /** A call that moves no money. */
  public static Call of(Address target, Bytes data) {
    return new Call(target, BigInteger.ZERO, data);
  }
}
