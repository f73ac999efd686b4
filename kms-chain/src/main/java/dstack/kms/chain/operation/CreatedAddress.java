package dstack.kms.chain.operation;

import dstack.kms.chain.account.Address;
import dstack.kms.chain.proof.rlp.RlpEncoder;
import dstack.kms.chain.proof.rlp.RlpItem;
import dstack.kms.core.crypto.Keccak;
import java.math.BigInteger;
import java.util.List;

/** Where an account's deployments end up (specification 20 §3.1). */
public final class CreatedAddress {
  private CreatedAddress() {}

  /** Of the account's transaction at that place of its sequence; of a contract counting from 1. */
  public static Address of(Address creator, long nonce) {
    RlpItem list =
        RlpItem.of(List.of(RlpItem.of(creator.value()), RlpItem.of(BigInteger.valueOf(nonce))));
    return new Address(Keccak.keccak256(RlpEncoder.encode(list)).slice(12, 32));
  }
}
