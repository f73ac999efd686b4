package dstack.kms.chain.governance;

import dstack.kms.chain.calldata.AbiValue;

/**
 * A fact now, and as it is wanted.
 *
 * @param now what was read
 */
public record FactState(Expectation expectation, AbiValue now) {
  /** Whether there is nothing to change. */
  public boolean holds() {
    return now.equals(expectation.wanted());
  }

  /** On one line: what it is and what it becomes. */
  public String words() {
    String label = expectation.fact().contract() + " " + expectation.fact().label() + ": ";
    return holds()
        ? label + now.words()
        : label + now.words() + " -> " + expectation.wanted().words();
  }
}
