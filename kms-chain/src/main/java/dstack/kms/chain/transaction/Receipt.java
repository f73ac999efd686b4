package dstack.kms.chain.transaction;

import dstack.kms.chain.account.Address;
import dstack.kms.chain.account.Word;
import java.math.BigInteger;
import java.util.List;
import java.util.Optional;

/**
 * What a block says about a transaction.
 *
 * @param hash of the transaction
 * @param block the block's number
 * @param blockHash the block's hash
 * @param succeeded whether it took effect
 * @param gasUsed as billed
 * @param gasPrice in wei for each unit of gas, zero if the endpoint does not say
 * @param contract what it deployed
 * @param logs in the order of emission
 */
public record Receipt(
    Word hash,
    long block,
    Word blockHash,
    boolean succeeded,
    long gasUsed,
    BigInteger gasPrice,
    Optional<Address> contract,
    List<Log> logs) {
  /** Keeps a copy. */
  public Receipt {
    logs = List.copyOf(logs);
  }

  /** What was paid, in wei. */
  public BigInteger cost() {
    return gasPrice.multiply(BigInteger.valueOf(gasUsed));
  }
}
