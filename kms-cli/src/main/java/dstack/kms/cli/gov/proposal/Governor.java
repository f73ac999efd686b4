package dstack.kms.cli.gov.proposal;

import dstack.kms.chain.account.Address;
import dstack.kms.chain.calldata.View;
import dstack.kms.chain.endpoint.Endpoint;
import dstack.kms.chain.governance.FactReader;
import dstack.kms.chain.governance.Route;
import dstack.kms.chain.safe.SafeReader;
import dstack.kms.chain.timelock.TimelockRefusal;
import dstack.kms.core.refusal.RefusalException;

/** What kind of owner an address is, told by what it answers. */
public enum Governor {
  /** Answers like a TimelockController. */
  TIMELOCK,
  /** Answers like a Safe. */
  SAFE,
  /** Has code that answers like neither. */
  CONTRACT,
  /** Has no code. */
  ACCOUNT;

  private static final View MIN_DELAY = View.of("getMinDelay()", "(uint256)");
  private static final View THRESHOLD = View.of("getThreshold()", "(uint256)");

  /** The kind of that address. A contract may pretend; nothing is released on this word. */
  public static Governor of(Endpoint endpoint, Address address) {
    if (endpoint.code(address).isEmpty()) {
      return ACCOUNT;
    }
    FactReader facts = FactReader.latest(endpoint);
    if (facts.find(address, MIN_DELAY).isPresent()) {
      return TIMELOCK;
    }
    return facts.find(address, THRESHOLD).isPresent() ? SAFE : CONTRACT;
  }

  /** Refuses a route over a timelock that is none, or a Safe that is no published one. */
  public static void require(Endpoint endpoint, Route route) {
    switch (route) {
      case Route.Direct _ -> {}
      case Route.Timelock(Address timelock) -> requireTimelock(endpoint, timelock);
      case Route.Safe(Address safe) -> new SafeReader(endpoint, safe).requireVersion();
      case Route.SafeThroughTimelock(Address safe, Address timelock) -> {
        requireTimelock(endpoint, timelock);
        new SafeReader(endpoint, safe).requireVersion();
      }
    }
  }

  /** Refuses what does not answer like a timelock. */
  public static void requireTimelock(Endpoint endpoint, Address timelock) {
    if (of(endpoint, timelock) != TIMELOCK) {
      throw new RefusalException(
          TimelockRefusal.CONTRACT,
          timelock
              + " is no timelock: it does not answer getMinDelay(); --timelock names the"
              + " TimelockController that owns the contract");
    }
  }
}
