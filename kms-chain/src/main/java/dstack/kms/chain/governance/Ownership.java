package dstack.kms.chain.governance;

import dstack.kms.chain.account.Address;
import dstack.kms.chain.calldata.AbiValue;
import java.util.Optional;

/**
 * Who owns a contract (specification 20 §4).
 *
 * @param owner who may change it now
 * @param pendingOwner who may accept it, zero if nobody; absent if ownership moves in one step
 */
public record Ownership(Address owner, Optional<Address> pendingOwner) {
  /** Of the contract; refused if it has no owner function. */
  public static Ownership read(FactReader reader, Address contract) {
    AbiValue owner = reader.read(new Fact.Answer(contract, Views.OWNER, java.util.List.of()));
    return new Ownership(
        account(owner), reader.find(contract, Views.PENDING_OWNER).map(Ownership::account));
  }

  /** Whether a new owner has to accept. */
  public boolean isTwoStep() {
    return pendingOwner.isPresent();
  }

  private static Address account(AbiValue value) {
    return ((AbiValue.Account) value).value();
  }
}
