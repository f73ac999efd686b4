package dstack.kms.chain.governance;

import dstack.kms.chain.account.Address;
import dstack.kms.chain.calldata.AbiValue;
import dstack.kms.chain.calldata.OwnerFunctions;
import dstack.kms.chain.calldata.View;
import dstack.kms.core.bytes.Bytes;
import java.util.List;

/**
 * Changes of who owns a contract and of its code. Giving ownership up for good is not among them.
 *
 * @param contract its proxy
 */
public record OwnerTasks(Address contract) {
  /** Hands it over: at once, or in two steps once the new owner has accepted. */
  public Task transfer(Address to, Ownership now) {
    if (to.isZero()) {
      throw GovernanceRefusal.VALUE.because(
          "the zero address is nobody: a contract without an owner can never be changed again");
    }
    Task task =
        Task.of(
            "hand " + contract + " over to " + to,
            OwnerFunctions.TRANSFER_OWNERSHIP.on(contract, AbiValue.of(to)),
            expect(now.isTwoStep() ? Views.PENDING_OWNER : Views.OWNER, AbiValue.of(to)));
    return now.isTwoStep()
        ? task.warning(now.owner() + " stays the owner until " + to + " accepts (kms gov accept)")
        : task.warning("ownership moves at once: a wrong address cannot be taken back");
  }

  /** Accepts it, made by the pending owner. */
  public Task accept(Address newOwner) {
    return Task.of(
        "accept the ownership of " + contract + " as " + newOwner,
        OwnerFunctions.ACCEPT_OWNERSHIP.on(contract),
        expect(Views.OWNER, AbiValue.of(newOwner)),
        expect(Views.PENDING_OWNER, AbiValue.of(Address.ZERO)));
  }

  /** Lets it run other code. */
  public Task upgrade(Address implementation) {
    return Task.of(
        "upgrade " + contract + " to the code of " + implementation,
        OwnerFunctions.UPGRADE.on(contract, AbiValue.of(implementation), AbiValue.of(Bytes.EMPTY)),
        new Expectation(new Fact.Implementation(contract), AbiValue.of(implementation)));
  }

  private Expectation expect(View view, AbiValue wanted) {
    return new Expectation(new Fact.Answer(contract, view, List.of()), wanted);
  }
}
