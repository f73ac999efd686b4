package dstack.kms.chain.contract;

/** What this program deploys: our two contracts and the two of OpenZeppelin that they need. */
public enum OwnContract {
  /** The policy of a KMS, an implementation behind a proxy. */
  DSTACK_KMS("DstackKms"),
  /** The policy of an application, an implementation behind a proxy. */
  DSTACK_APP("DstackApp"),
  /** The proxy before each; its constructor takes the implementation and the set-up call. */
  ERC1967_PROXY("ERC1967Proxy"),
  /**
   * An owner that makes changes wait; its constructor takes delay, proposers, executors and admin.
   */
  TIMELOCK_CONTROLLER("TimelockController");

  private final String contractName;

  OwnContract(String contractName) {
    this.contractName = contractName;
  }

  /** As in the Solidity source. */
  public String contractName() {
    return contractName;
  }
}
