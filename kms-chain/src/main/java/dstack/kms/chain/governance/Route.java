package dstack.kms.chain.governance;

import dstack.kms.chain.account.Address;

/** How calls reach the contracts: the three models of governance (specification 20 §9). */
public sealed interface Route {
  /** Whom the contracts see as the caller: who has to own them. */
  Address actor();

  /**
   * A wallet calls itself (model A).
   *
   * @param sender the wallet
   */
  record Direct(Address sender) implements Route {
    @Override
    public Address actor() {
      return sender;
    }
  }

  /**
   * A timelock calls after a delay (model B).
   *
   * @param timelock the TimelockController
   */
  record Timelock(Address timelock) implements Route {
    @Override
    public Address actor() {
      return timelock;
    }
  }

  /**
   * A Safe calls.
   *
   * @param safe the multisig wallet
   */
  record Safe(Address safe) implements Route {
    @Override
    public Address actor() {
      return safe;
    }
  }

  /**
   * A timelock calls after a delay what a Safe announced (model C).
   *
   * @param safe who proposes
   * @param timelock who calls
   */
  record SafeThroughTimelock(Address safe, Address timelock) implements Route {
    @Override
    public Address actor() {
      return timelock;
    }
  }
}
