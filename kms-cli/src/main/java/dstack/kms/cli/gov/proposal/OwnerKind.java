package dstack.kms.cli.gov.proposal;

import dstack.kms.chain.account.Address;
import dstack.kms.chain.calldata.View;
import dstack.kms.chain.endpoint.Endpoint;
import dstack.kms.chain.governance.FactReader;

/** Tells a timelock from other contracts. */
final class OwnerKind {
  private static final View MIN_DELAY = View.of("getMinDelay()", "(uint256)");

  private OwnerKind() {}

  static boolean isTimelock(Endpoint endpoint, Address contract) {
    return FactReader.latest(endpoint).find(contract, MIN_DELAY).isPresent();
  }
}
